"""Two services that answer what Limber answers, the way a competent team would first write them, to measure against.

Both serve `/v1/exercises` and `/v1/exercises/{slug}` in English from the tables of the working copy: FastAPI with
Pydantic (`fastapi_service`) and flask-smorest with marshmallow (`smorest_service`), each over the same ORM models and
queries. Neither caches, filters, searches or knows another language.
"""
