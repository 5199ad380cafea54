"""Every cap that the readers keep, with its unit and why it stands where it does.

What passes a cap is refused with its reason; nothing is cut short in silence.
"""

_MIB = 1024 * 1024

MAX_THREAD_BYTES = 64 * _MIB  # one thread text; it is parsed in memory, and the longest known thread is 20 MiB
MAX_LINE_BYTES = 32 * _MIB  # one line of JSON: it holds one thread, and is held twice while it is read
MAX_POST_BYTES = _MIB  # one post: the pages promise to render any item, and render at most 1 MiB
MAX_PARAGRAPHS = 200_000  # in one thread: when each is a name or a short text, they take 1 KiB of memory each
MAX_TITLE_CHARACTERS = 2_000  # above the by-line; the longest titles that forums allow are 300
MAX_NAME_CHARACTERS = 64  # of a handle or a display name; Reddit allows 20, Stack Exchange 30, Discourse 60
MAX_NAME_WORDS = 4  # of a display name: "Maria de la Cruz"
MAX_NAMES_LOOKED_UP = 200  # doubtful lines of one thread that are sought in its sentences: a pass over it for each
MAX_PLACES_LOOKED_AT = 50  # where such a line is found, before it is given up
MAX_KEY_CHARACTERS = 500  # of the id of a thread or post in its source; a Message-ID may have 998
MAX_BYLINE_CHARACTERS = 1_000  # of an author in a dump: a mail's From may name a long list
MAX_FACT_CHARACTERS = 2_000  # of what a source says beside a text: a flair; browsers follow addresses of about 2,000
MAX_FACT_WORDS = 100  # tags of one post; forums allow 5 to 20
MAX_FACTS_BYTES = _MIB // 4  # of all of them, as JSON; a hundred attachments with the longest names take half of it
MAX_CAPTURE_BYTES = 64 * _MIB  # lines of one thread whose posts are only known by their order: they are held at once

MAX_MESSAGE_BYTES = 64 * _MIB  # one mail; it is read in memory, and mail servers take 50 MiB at most
MAX_HEADER_BYTES = 102_400  # of one mail or part: Postfix's own cap
MAX_MAIL_PARTS = 1_000  # containers among them; a digest of a busy list has 100
MAX_MAIL_LEVELS = 20  # of parts within parts; mail programs write 4
MAX_FILE_NAME_CHARACTERS = 255  # of an attachment, as shown
MAX_FILE_TYPE_CHARACTERS = 127  # of an attachment: RFC 6838 allows as much to each half, and none is as long
MAX_FILES_LISTED = 100  # attachments of one post; the others are counted

MAX_ROW_BYTES = 2 * _MIB  # one row of a Stack Exchange dump: a body has 30,000 characters, of at most 6 bytes each
MAX_ROW_FIELDS = 100  # of one row; posts have 22
MAX_XML_DEPTH = 20  # expat remembers every element that is open; a dump has two levels
MAX_XML_NAMES = 1_000  # that one expat may have met before it is replaced: it remembers them all
MAX_FOREIGN_NAMES = 10_000  # of elements and attributes between two rows, where a dump has none

MAX_PARENT_BLOCKS = 280_000  # of 64 ids of Hacker News, at 0.45 KiB each; see `imports.hacker_news_parents`

DETECTION_BYTES = 64 * 1024  # read to tell the format and the encoding; detection costs 1 ms per 10 KiB

MAX_ZIP_ENTRIES = 10_000  # more is a bomb, or a job for a folder
MAX_ZIP_DIRECTORY_BYTES = 4 * _MIB  # the list of entries is read as a whole, and takes 15 times its size in memory
ZIP_RATIO = 200  # unpacked to packed; deflate reaches 1,032 on zeros, and 20 on real text
ZIP_RATIO_FREE_BYTES = 64 * _MIB  # unpacked before the ratio counts: a small file of blank lines is no bomb
ZIP_CHUNK_BYTES = 256 * 1024  # unpacked at a time

MAX_JSON_LEVELS = 100_000  # brackets within brackets in a document: Reddit has five a reply, 10,000 replies deep
MAX_JSON_OBJECTS = 200_000  # in one document: each takes 0.5 KiB beside its text, and a page of Reddit's holds 1,500
MAX_OBJECT_BYTES = 4 * _MIB  # JSON of one post, that is parsed at once: empty lists take 31 times their size in memory

PACKED_PIECE_BYTES = 16 * 1024  # read of a compressed file at a time; what follows a short stream is copied
FREE_STREAMS = 10_000  # in a compressed file, before they must hold something: an empty one of Zstandard costs 10 µs
MIN_STREAM_BYTES = 64  # unpacked, on average from there on; programs that compress line by line hold more
MAX_WINDOW_BYTES = 128 * _MIB  # of what was unpacked, held to unpack the rest: what the zstd program itself allows
LARGE_WINDOW_BYTES = 2048 * _MIB  # what Reddit's dumps ask for; only who runs the program can say that there is room
XZ_MEMORY_BYTES = 256 * _MIB  # to unpack xz; its highest level takes 65 MiB
