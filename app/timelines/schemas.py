"""Timelines as they are read."""

from marshmallow import Schema, fields

from app.timelines.timeline import SIDES

PHASES = (
    "prepare",
    "change-position",
    "move",
    "hold",
    "return",
    "pause",
    "breathe-in",
    "breathe-out",
    "rest",
    "switch-sides",
    "end",
)


class TimelineItem(Schema):
    """One phase of a timeline."""

    at = fields.Integer(required=True, metadata={"description": "Seconds from the start."})
    seconds = fields.Integer(required=True, metadata={"description": "How long it takes; 0 at the end alone."})
    phase = fields.String(required=True, metadata={"enum": list(PHASES)})
    item = fields.Integer(metadata={"description": "The position of the routine's item that it belongs to."})
    exercise = fields.String(metadata={"description": "The slug of the exercise."})
    set = fields.Integer(metadata={"description": "Which set, from 1."})
    repetition = fields.Integer(metadata={"description": "Which repetition of the set, or breath, from 1."})
    side = fields.String(metadata={"enum": list(SIDES)})
    step = fields.Integer(metadata={"description": "The number of the exercise's step to show."})
    text = fields.String(required=True, metadata={"description": "What to show."})
    say = fields.String(required=True, metadata={"description": "What a voice says; empty where it is silent."})


class TimelineDocument(Schema):
    """What a player plays: phases one after the other, each beginning where the one before it ends."""

    seconds = fields.Integer(required=True, metadata={"description": "The sum of the phases."})
    items = fields.List(fields.Nested(TimelineItem), required=True)
