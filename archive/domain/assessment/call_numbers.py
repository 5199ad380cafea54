"""Call numbers of archival items, each in the way in which its archive writes them."""

import re

from archive.domain.assessment.anchors import Anchor

_CALL_NUMBER = "the call number of an archival item"

# Call numbers count down to the item. Sources: the citation guides of the archives named.
CALL_NUMBERS = (
    Anchor(  # Russian state archives: fond, opis, delo; the archive's name stands before, if at all
        ("f|fond|rgaspi|garf|rgva|rgani|rgae|rgia|rgvia|rgali|tsgae|tsga|avprf|tsamo|gda",), "archival", _CALL_NUMBER,
        re.compile(
            r"(?:[A-Z][A-Za-z]{2,6}(?:\s[A-Z][A-Za-z]{1,3})?,?\s)?(?:f|fond)\.?\s?(?:[RP]-)?\d{1,5},?\s{0,2}(?:op|opis'?)\.?\s?\d{1,4}[a-z]?"
            r",?\s{0,2}(?:d|delo|ed\.\s?khr)\.?\s?\d{1,5}", re.IGNORECASE,
        ),
    ),
    Anchor(  # The National Archives, Kew: department, series, piece
        ("tna|pro",), "archival", _CALL_NUMBER,
        re.compile(r"(?:TNA|PRO)\)?[:,]?\s{1,2}(?:PRO[:,]?\s)?[A-Z]{1,4}\s?\d{1,4}/\d{1,5}(?:/\d{1,5})?\b"),
    ),
    Anchor(  # The same without the name: with few figures it may be a date, a scale or a tank
        ("adm|air|cab|co|fo|ho|hw|kv|prem|wo",), "archival", _CALL_NUMBER,
        re.compile(
            r"(?:(?:ADM|AIR|CAB|CO|FO|HO(?!\s1/)|HW|PREM|WO)\s?\d{1,4}/\d{3,5}|KV\s?\d/\d{4}"
            r"|(?:CAB|PREM|FO|WO)\s\d{2,4}/\d{2,5}/\d{1,5})\b(?:/\d{1,5}\b)?(?!/)"
        ),
    ),
    Anchor(  # National Archives, Washington: record group, and in it a box, an entry or a roll
        ("rg", "record group"), "archival", _CALL_NUMBER,
        re.compile(
            r"(?:RG|Record\sGroup)[-\s]?\d{1,3},?\s[^.;\n]{0,60}?\b(?:box|entry|roll|file)\s?\d{1,5}"
            r"(?:,\s(?:box|entry|roll|folder|file)\s?\d{1,5}){0,3}",
            re.IGNORECASE,
        ),
    ),
    Anchor(  # Papers of people and bodies, in whatever archive
        ("papers|collection|archives|archive|records",), "archival", _CALL_NUMBER,
        re.compile(
            r"(?:[Pp]apers|[Cc]ollection|[Aa]rchives?|[Rr]ecords)[,:]?\s[^.;\n]{0,60}?\b[Bb]ox\s\d{1,4},?\s"
            r"(?:[Ff]older|[Ff]ile|[Rr]eel|f\.)\s?\d{1,4}\b",
        ),
    ),
    Anchor(  # British Library and other English collections of manuscripts
        ("add|additional|cotton|harley|royal|sloane|egerton|lansdowne|stowe|arundel .? ms|mss|charter|charters",),
        "archival", _CALL_NUMBER,
        re.compile(
            r"[A-Z][a-z]{2,9}\.?\s(?:MSS?\.?|Charters?)\s(?:[A-Z][\w.]{0,12}\s){0,2}(?:[A-Z]\.?\s?)?[\dxvi]{1,6}\b"
        ),
    ),
    Anchor(  # Bodleian Library
        ("ms bodl|laud|rawl|douce|ashmole|digby",), "archival", _CALL_NUMBER,
        re.compile(r"MS\.?\s(?:Bodl|Laud|Rawl|Douce|Ashmole|Digby)\.?\s(?:\w{1,8}\.?\s){0,2}\d{1,5}\b"),
    ),
    Anchor(  # Bibliothèque nationale de France
        ("bnf",), "archival", _CALL_NUMBER,
        re.compile(
            r"BnF,?\s(?:MSS?\.?\s)?(?:\w{1,10}\.?\s){0,2}?(?:fr|lat|gr|n\.?a\.?[fl])\.?\s?\d{2,6}\b", re.IGNORECASE
        ),
    ),
    Anchor(  # Bundesarchiv
        ("barch|bundesarchiv",), "archival", _CALL_NUMBER,
        re.compile(
            r"(?:BArch|Bundesarchiv)(?:-[A-Z]{2})?,?\s(?:R|NS|RH|RM|RW|RL|ZA|N)\s?\d{1,4}(?:[-\s]?[IVX]{1,4}|-\d{1,3})?/\d{1,5}\b"
        ),
    ),
)  # fmt: skip
