"""Places in a draft as an editor reads them."""


def field_name(pointer: str) -> str:
    """A JSON pointer as a field: `/steps/0/instruction` is `steps[1].instruction`, as people count from one."""
    text = ""
    for step in pointer.strip("/").split("/"):
        text += f"[{int(step) + 1}]" if step.isdigit() else f".{step}"
    return text.lstrip(".")
