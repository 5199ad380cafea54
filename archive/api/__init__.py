"""The archive for programs: JSON under /api/v1, described by an OpenAPI document that is made of this code."""
