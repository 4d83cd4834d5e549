"""The names of fields of a draft as editors read them."""


def field_name(pointer: str) -> str:
    """A JSON pointer as a field's name: `/steps/0/instruction` is `steps[1].instruction`, as people count from one."""
    text = ""
    for step in pointer.removeprefix("/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        text += f"[{int(step) + 1}]" if step.isascii() and step.isdigit() else f".{name}"
    return text.removeprefix(".")
