"""Tables and queries. Every function takes a Session; none of them commits."""
