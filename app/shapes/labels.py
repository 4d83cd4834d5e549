"""The names of words from fixed lists (types, positions, purposes), in each language."""

SPANISH = {
    "stretch": "Estiramiento",
    "mobility": "Movilidad",
    "strengthening": "Fortalecimiento",
    "posture": "Postura",
    "breathing": "Respiración",
    "relaxation": "Relajación",
    "yoga": "Yoga",
    "standing": "De pie",
    "seated": "Sentado",
    "lying": "Tumbado",
    "kneeling": "De rodillas",
    "all-fours": "A cuatro patas",
    "relieve": "Aliviar",
    "prevent": "Prevenir",
    "strengthen": "Fortalecer",
    "relax": "Relajar",
    "none": "No hace falta",
    "recommended": "Recomendable",
    "required": "Imprescindible",
    "book": "Libro",
    "video": "Vídeo",
    "professional": "Profesional",
    "online": "En línea",
    "yoga-studio": "Centro de yoga",
    "clinic": "Clínica",
    "gym": "Gimnasio",
    "community-centre": "Centro cívico",
    "online-directory": "Directorio en línea",
}


def label(value: str, language: str) -> str:
    """The name of a value; in English the value itself, written as a word."""
    if language == "es" and value in SPANISH:
        return SPANISH[value]
    return value.replace("-", " ").capitalize()
