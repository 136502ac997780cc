"""A report upward as plain content, for whoever prints it: a view, a docx, a page for a leader. Nothing here knows of layout."""

from typing import Any, TypedDict

from dutydesk.domain.submission_words import elements
from dutydesk.domain.submissions import Draft


class DocumentElement(TypedDict):
    """One element in words; `unverified`: nobody has confirmed it."""

    label: str
    value: str
    unverified: bool


class DocumentFile(TypedDict):
    """A file that officers attached: its name, its type, bytes, and the SHA-256 by which it can be proved to be that one."""

    name: str
    media_type: str
    size: int
    digest: str


class SubmissionDocument(TypedDict):
    """`number` is ours; `status` draft, checked, signed, sent, withdrawn; instants are microseconds UTC, None when not yet."""

    number: str
    kind: str
    title: str
    status: str
    as_of: int
    addressees: list[str]
    copies: list[str]
    brief: list[str]
    paragraphs: list[str]
    elements: list[DocumentElement]
    changes: list[dict[str, str]]
    missing: list[str]
    unverified: list[str]
    flags: list[str]
    files: list[DocumentFile]
    level: str
    signed_by: str
    signed_how: str
    signed_at: int | None
    sent_at: int | None


def submission_document(id: str, body: dict[str, Any]) -> SubmissionDocument:
    """The content of the report whose row has this id and body."""
    draft = Draft.model_validate(body["draft"])
    lines = body["lines"] or body["plan"]["lines"]
    return SubmissionDocument(
        number=id,
        kind=body["kind"],
        title=draft.title,
        status=body["status"],
        as_of=draft.as_of,
        addressees=[line["label"] for line in lines if not line["copied"]],
        copies=[line["label"] for line in lines if line["copied"]],
        brief=list(draft.brief),
        paragraphs=list(draft.paragraphs),
        elements=[
            DocumentElement(label=e.label, value=e.value, unverified=e.unverified) for e in elements(draft.snapshot)
        ],
        changes=[change.model_dump(include={"label", "was", "now"}) for change in draft.changes],
        missing=list(draft.missing),
        unverified=list(draft.unverified),
        flags=list(draft.snapshot.flags),
        files=[
            DocumentFile(name=f.name, media_type=f.media_type, size=f.size, digest=f.digest)
            for f in draft.snapshot.files
        ],
        level=draft.snapshot.level,
        signed_by=body["signed_by"],
        signed_how=body["signed_how"],
        signed_at=body["signed_at"],
        sent_at=body["sent_at"],
    )
