"""The catalogue: the working copy, what is published, and its history."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

CODE = sa.String().with_variant(sa.String(collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table('document_version',
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('language', CODE, nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.CheckConstraint('deleted = (body IS NULL)', name=op.f('ck_document_version_tombstones_have_no_body')),
    sa.PrimaryKeyConstraint('revision', 'kind', 'slug', 'language', name=op.f('pk_document_version'))
    )
    op.create_index('ix_document_version_entity', 'document_version', ['kind', 'slug', 'language', 'revision'], unique=False)
    op.create_table('draft_version',
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('draft', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('revision', 'kind', 'slug', name=op.f('pk_draft_version'))
    )
    op.create_table('place',
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('type', CODE, nullable=False),
    sa.Column('street', sa.String(), nullable=True),
    sa.Column('locality', sa.String(), nullable=True),
    sa.Column('region', sa.String(), nullable=True),
    sa.Column('postal_code', sa.String(), nullable=True),
    sa.Column('country', CODE, nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('url', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('former_slugs', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('draft_digest', CODE, nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("trim(slug, 'abcdefghijklmnopqrstuvwxyz0123456789-') = '' AND slug <> '' AND length(slug) <= 120 AND slug NOT LIKE '-%' AND slug NOT LIKE '%-' AND slug NOT LIKE '%--%'", name=op.f('ck_place_slug_form')),
    sa.CheckConstraint("type IN ('yoga-studio', 'clinic', 'gym', 'community-centre', 'online-directory')", name=op.f('ck_place_type_allowed')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_place_both_coordinates')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90', name=op.f('ck_place_latitude_range')),
    sa.CheckConstraint('length(country) = 2', name=op.f('ck_place_country_two_letters')),
    sa.CheckConstraint('longitude BETWEEN -180 AND 180', name=op.f('ck_place_longitude_range')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place')),
    sa.UniqueConstraint('slug', name=op.f('uq_place_slug'))
    )
    op.create_table('published_entity',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('draft', sa.JSON(), nullable=False),
    sa.Column('draft_digest', CODE, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_entity'))
    )
    op.create_index('uq_published_entity_kind_slug', 'published_entity', ['kind', 'slug'], unique=True)
    op.create_table('redirect',
    sa.Column('kind', CODE, nullable=False),
    sa.Column('former_slug', CODE, nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.PrimaryKeyConstraint('kind', 'former_slug', name=op.f('pk_redirect'))
    )
    op.create_table('reference',
    sa.Column('kind', CODE, nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('relation', CODE, nullable=False),
    sa.Column('target_kind', CODE, nullable=False),
    sa.Column('target_slug', CODE, nullable=False),
    sa.PrimaryKeyConstraint('kind', 'slug', 'relation', 'target_kind', 'target_slug', name=op.f('pk_reference'))
    )
    op.create_index('ix_reference_target', 'reference', ['target_kind', 'target_slug', 'relation'], unique=False)
    op.create_table('release',
    sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('digest', CODE, nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('deleted', sa.Integer(), nullable=False),
    sa.CheckConstraint('revision > 0', name=op.f('ck_release_revision_positive')),
    sa.PrimaryKeyConstraint('revision', name=op.f('pk_release')),
    sa.UniqueConstraint('digest', name=op.f('uq_release_digest'))
    )
    op.create_table('revision_counter',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_revision_counter_one_row')),
    sa.CheckConstraint('revision >= 0', name=op.f('ck_revision_counter_from_zero')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision_counter'))
    )
    op.create_table('source',
    sa.Column('type', CODE, nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('summary', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('url', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('former_slugs', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('draft_digest', CODE, nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("trim(slug, 'abcdefghijklmnopqrstuvwxyz0123456789-') = '' AND slug <> '' AND length(slug) <= 120 AND slug NOT LIKE '-%' AND slug NOT LIKE '%-' AND slug NOT LIKE '%--%'", name=op.f('ck_source_slug_form')),
    sa.CheckConstraint("type IN ('book', 'video', 'professional', 'online')", name=op.f('ck_source_type_allowed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source')),
    sa.UniqueConstraint('slug', name=op.f('uq_source_slug'))
    )
    op.create_table('term',
    sa.Column('vocabulary', CODE, nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('latin_name', sa.String(), nullable=True),
    sa.Column('spdx', sa.String(), nullable=True),
    sa.Column('url', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('former_slugs', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('draft_digest', CODE, nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("latin_name IS NULL OR vocabulary = 'muscles'", name=op.f('ck_term_latin_name_of_muscles')),
    sa.CheckConstraint("spdx IS NULL OR vocabulary = 'licences'", name=op.f('ck_term_spdx_of_licences')),
    sa.CheckConstraint("trim(slug, 'abcdefghijklmnopqrstuvwxyz0123456789-') = '' AND slug <> '' AND length(slug) <= 120 AND slug NOT LIKE '-%' AND slug NOT LIKE '%-' AND slug NOT LIKE '%--%'", name=op.f('ck_term_slug_form')),
    sa.CheckConstraint("vocabulary <> 'licences' OR (url IS NOT NULL AND spdx IS NOT NULL)", name=op.f('ck_term_licences_complete')),
    sa.CheckConstraint("vocabulary IN ('regions', 'muscles', 'equipment', 'conditions', 'benefits', 'services', 'licences')", name=op.f('ck_term_vocabulary_allowed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term')),
    sa.UniqueConstraint('slug', name=op.f('uq_term_slug'))
    )
    op.create_table('book',
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('publisher', sa.String(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('isbn', CODE, nullable=True),
    sa.Column('edition', sa.String(), nullable=True),
    sa.CheckConstraint("length(isbn) = 13 AND trim(isbn, '0123456789') = ''", name=op.f('ck_book_isbn_13_digits')),
    sa.CheckConstraint('year BETWEEN 1450 AND 2200', name=op.f('ck_book_year_of_print')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_book_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('source_id', name=op.f('pk_book'))
    )
    op.create_table('book_author',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_book_author_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('source_id', 'position', name=op.f('pk_book_author'))
    )
    op.create_table('document',
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('language', CODE, nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('content_digest', CODE, nullable=False),
    sa.Column('sort_name', CODE, nullable=False),
    sa.Column('published_at', CODE, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entity_id'], ['published_entity.id'], name=op.f('fk_document_entity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entity_id', 'language', name=op.f('pk_document'))
    )
    op.create_index('ix_document_name', 'document', ['kind', 'language', 'sort_name', 'slug'], unique=False)
    op.create_index('ix_document_published', 'document', ['kind', 'language', 'published_at', 'slug'], unique=False)
    op.create_index('uq_document_kind_language_slug', 'document', ['kind', 'language', 'slug'], unique=True)
    op.create_table('exercise',
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('type', CODE, nullable=False),
    sa.Column('position', CODE, nullable=True),
    sa.Column('guidance_professional', CODE, nullable=False),
    sa.Column('guidance_note', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('licence_id', sa.Integer(), nullable=True),
    sa.Column('licence_attribution', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('former_slugs', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('draft_digest', CODE, nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('review_status', CODE, nullable=True),
    sa.Column('reviewed_on', CODE, nullable=True),
    sa.Column('reviewer', sa.String(), nullable=True),
    sa.CheckConstraint("guidance_professional IN ('none', 'recommended', 'required')", name=op.f('ck_exercise_guidance_professional_allowed')),
    sa.CheckConstraint("position IN ('standing', 'seated', 'lying', 'kneeling', 'all-fours')", name=op.f('ck_exercise_position_allowed')),
    sa.CheckConstraint("review_status IN ('none', 'editorial', 'clinical')", name=op.f('ck_exercise_review_status_allowed')),
    sa.CheckConstraint("trim(slug, 'abcdefghijklmnopqrstuvwxyz0123456789-') = '' AND slug <> '' AND length(slug) <= 120 AND slug NOT LIKE '-%' AND slug NOT LIKE '%-' AND slug NOT LIKE '%--%'", name=op.f('ck_exercise_slug_form')),
    sa.CheckConstraint("type IN ('stretch', 'mobility', 'strengthening', 'posture', 'breathing', 'relaxation', 'yoga')", name=op.f('ck_exercise_type_allowed')),
    sa.ForeignKeyConstraint(['licence_id'], ['term.id'], name=op.f('fk_exercise_licence_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise')),
    sa.UniqueConstraint('slug', name=op.f('uq_exercise_slug'))
    )
    op.create_index(op.f('ix_exercise_licence_id'), 'exercise', ['licence_id'], unique=False)
    op.create_table('facet',
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('name', CODE, nullable=False),
    sa.Column('value', CODE, nullable=False),
    sa.Column('qualifier', CODE, nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['entity_id'], ['published_entity.id'], name=op.f('fk_facet_entity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entity_id', 'name', 'value', 'qualifier', name=op.f('pk_facet'))
    )
    op.create_index('ix_facet_value', 'facet', ['name', 'value', 'entity_id'], unique=False)
    op.create_table('online',
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('publisher', sa.String(), nullable=True),
    sa.Column('published_on', CODE, nullable=True),
    sa.Column('accessed_on', CODE, nullable=True),
    sa.CheckConstraint('accessed_on >= published_on', name=op.f('ck_online_accessed_after_published')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_online_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('source_id', name=op.f('pk_online'))
    )
    op.create_table('place_professional',
    sa.Column('place_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_place_professional_place_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_place_professional_source_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('place_id', 'position', name=op.f('pk_place_professional')),
    sa.UniqueConstraint('place_id', 'source_id', name=op.f('uq_place_professional_place_id_source_id'))
    )
    op.create_index(op.f('ix_place_professional_source_id'), 'place_professional', ['source_id'], unique=False)
    op.create_table('place_service',
    sa.Column('place_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_place_service_place_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_place_service_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('place_id', 'position', name=op.f('pk_place_service')),
    sa.UniqueConstraint('place_id', 'term_id', name=op.f('uq_place_service_place_id_term_id'))
    )
    op.create_index(op.f('ix_place_service_term_id'), 'place_service', ['term_id'], unique=False)
    op.create_table('professional',
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('profession', sa.String(), nullable=True),
    sa.Column('organisation', sa.String(), nullable=True),
    sa.Column('credentials', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_professional_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('source_id', name=op.f('pk_professional'))
    )
    op.create_table('professional_place',
    sa.Column('place_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_professional_place_place_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_professional_place_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('source_id', 'position', name=op.f('pk_professional_place')),
    sa.UniqueConstraint('source_id', 'place_id', name=op.f('uq_professional_place_source_id_place_id'))
    )
    op.create_index(op.f('ix_professional_place_place_id'), 'professional_place', ['place_id'], unique=False)
    op.create_table('professional_service',
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_professional_service_source_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_professional_service_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('source_id', 'position', name=op.f('pk_professional_service')),
    sa.UniqueConstraint('source_id', 'term_id', name=op.f('uq_professional_service_source_id_term_id'))
    )
    op.create_index(op.f('ix_professional_service_term_id'), 'professional_service', ['term_id'], unique=False)
    op.create_table('routine',
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('goal', CODE, nullable=False),
    sa.Column('licence_id', sa.Integer(), nullable=True),
    sa.Column('licence_attribution', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', CODE, nullable=False),
    sa.Column('former_slugs', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('draft_digest', CODE, nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('review_status', CODE, nullable=True),
    sa.Column('reviewed_on', CODE, nullable=True),
    sa.Column('reviewer', sa.String(), nullable=True),
    sa.CheckConstraint("goal IN ('relieve', 'prevent', 'strengthen', 'relax')", name=op.f('ck_routine_goal_allowed')),
    sa.CheckConstraint("review_status IN ('none', 'editorial', 'clinical')", name=op.f('ck_routine_review_status_allowed')),
    sa.CheckConstraint("trim(slug, 'abcdefghijklmnopqrstuvwxyz0123456789-') = '' AND slug <> '' AND length(slug) <= 120 AND slug NOT LIKE '-%' AND slug NOT LIKE '%-' AND slug NOT LIKE '%--%'", name=op.f('ck_routine_slug_form')),
    sa.ForeignKeyConstraint(['licence_id'], ['term.id'], name=op.f('fk_routine_licence_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routine')),
    sa.UniqueConstraint('slug', name=op.f('uq_routine_slug'))
    )
    op.create_index(op.f('ix_routine_licence_id'), 'routine', ['licence_id'], unique=False)
    op.create_table('term_region',
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('term_id <> region_id', name=op.f('ck_term_region_not_itself')),
    sa.ForeignKeyConstraint(['region_id'], ['term.id'], name=op.f('fk_term_region_region_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_term_region_term_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('term_id', 'position', name=op.f('pk_term_region'))
    )
    op.create_index(op.f('ix_term_region_region_id'), 'term_region', ['region_id'], unique=False)
    op.create_table('term_text',
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.Column('list', CODE, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.CheckConstraint("list IN ('alias', 'see_professional_if')", name=op.f('ck_term_text_list_allowed')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_term_text_term_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('term_id', 'list', 'position', name=op.f('pk_term_text'))
    )
    op.create_table('video',
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('creator', sa.String(), nullable=True),
    sa.Column('platform', sa.String(), nullable=True),
    sa.Column('duration_seconds', sa.Integer(), nullable=True),
    sa.Column('published_on', CODE, nullable=True),
    sa.CheckConstraint('duration_seconds > 0', name=op.f('ck_video_duration_seconds_positive')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_video_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('source_id', name=op.f('pk_video'))
    )
    op.create_table('exercise_benefit',
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_benefit_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_exercise_benefit_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_exercise_benefit')),
    sa.UniqueConstraint('exercise_id', 'term_id', name=op.f('uq_exercise_benefit_exercise_id_term_id'))
    )
    op.create_index(op.f('ix_exercise_benefit_term_id'), 'exercise_benefit', ['term_id'], unique=False)
    op.create_table('exercise_citation',
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('locator', sa.String(), nullable=True),
    sa.Column('note', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_citation_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_exercise_citation_source_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_exercise_citation'))
    )
    op.create_index(op.f('ix_exercise_citation_source_id'), 'exercise_citation', ['source_id'], unique=False)
    op.create_table('exercise_condition',
    sa.Column('purpose', CODE, nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("purpose IN ('relieve', 'prevent')", name=op.f('ck_exercise_condition_purpose_allowed')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_condition_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_exercise_condition_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_exercise_condition')),
    sa.UniqueConstraint('exercise_id', 'term_id', 'purpose', name=op.f('uq_exercise_condition_exercise_id_term_id_purpose'))
    )
    op.create_index(op.f('ix_exercise_condition_term_id'), 'exercise_condition', ['term_id'], unique=False)
    op.create_table('exercise_contraindication',
    sa.Column('note', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_contraindication_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_exercise_contraindication_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_exercise_contraindication')),
    sa.UniqueConstraint('exercise_id', 'term_id', name=op.f('uq_exercise_contraindication_exercise_id_term_id'))
    )
    op.create_index(op.f('ix_exercise_contraindication_term_id'), 'exercise_contraindication', ['term_id'], unique=False)
    op.create_table('exercise_equipment',
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_equipment_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_exercise_equipment_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_exercise_equipment')),
    sa.UniqueConstraint('exercise_id', 'term_id', name=op.f('uq_exercise_equipment_exercise_id_term_id'))
    )
    op.create_index(op.f('ix_exercise_equipment_term_id'), 'exercise_equipment', ['term_id'], unique=False)
    op.create_table('exercise_muscle',
    sa.Column('role', CODE, nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("role IN ('stretched', 'strengthened', 'stabilising')", name=op.f('ck_exercise_muscle_role_allowed')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_muscle_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_exercise_muscle_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_exercise_muscle')),
    sa.UniqueConstraint('exercise_id', 'term_id', 'role', name=op.f('uq_exercise_muscle_exercise_id_term_id_role'))
    )
    op.create_index(op.f('ix_exercise_muscle_term_id'), 'exercise_muscle', ['term_id'], unique=False)
    op.create_table('exercise_region',
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_region_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_exercise_region_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_exercise_region')),
    sa.UniqueConstraint('exercise_id', 'term_id', name=op.f('uq_exercise_region_exercise_id_term_id'))
    )
    op.create_index(op.f('ix_exercise_region_term_id'), 'exercise_region', ['term_id'], unique=False)
    op.create_table('exercise_text',
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('list', CODE, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.CheckConstraint("list IN ('alias', 'precaution', 'stop_if')", name=op.f('ck_exercise_text_list_allowed')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_text_exercise_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('exercise_id', 'list', 'position', name=op.f('pk_exercise_text'))
    )
    op.create_table('intensity_level',
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('intensity', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('label', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('adjustment', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('sensation', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('sets', sa.Integer(), nullable=True),
    sa.Column('repetitions', sa.Integer(), nullable=True),
    sa.Column('hold_seconds', sa.Integer(), nullable=True),
    sa.Column('rest_seconds', sa.Integer(), nullable=True),
    sa.Column('times_per_day', sa.Integer(), nullable=True),
    sa.Column('days_per_week', sa.Integer(), nullable=True),
    sa.Column('per_side', sa.Boolean(), nullable=True),
    sa.CheckConstraint('days_per_week <= 7', name=op.f('ck_intensity_level_days_per_week_of_seven')),
    sa.CheckConstraint('days_per_week > 0', name=op.f('ck_intensity_level_days_per_week_positive')),
    sa.CheckConstraint('hold_seconds > 0', name=op.f('ck_intensity_level_hold_seconds_positive')),
    sa.CheckConstraint('intensity BETWEEN 1 AND 5', name=op.f('ck_intensity_level_intensity_1_to_5')),
    sa.CheckConstraint('repetitions > 0', name=op.f('ck_intensity_level_repetitions_positive')),
    sa.CheckConstraint('rest_seconds > 0', name=op.f('ck_intensity_level_rest_seconds_positive')),
    sa.CheckConstraint('sets > 0', name=op.f('ck_intensity_level_sets_positive')),
    sa.CheckConstraint('times_per_day > 0', name=op.f('ck_intensity_level_times_per_day_positive')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_intensity_level_exercise_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('exercise_id', 'intensity', name=op.f('pk_intensity_level'))
    )
    op.create_table('media',
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('type', CODE, nullable=False),
    sa.Column('alt', sa.JSON(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('licence_id', sa.Integer(), nullable=False),
    sa.Column('credit', sa.String(), nullable=True),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("type IN ('image', 'video', 'animation')", name=op.f('ck_media_type_allowed')),
    sa.CheckConstraint('height > 0', name=op.f('ck_media_height_positive')),
    sa.CheckConstraint('width > 0', name=op.f('ck_media_width_positive')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_media_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['licence_id'], ['term.id'], name=op.f('fk_media_licence_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_media'))
    )
    op.create_index(op.f('ix_media_licence_id'), 'media', ['licence_id'], unique=False)
    op.create_table('progression',
    sa.Column('direction', CODE, nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("direction IN ('easier', 'harder')", name=op.f('ck_progression_direction_allowed')),
    sa.CheckConstraint('exercise_id <> other_id', name=op.f('ck_progression_not_itself')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_progression_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['exercise.id'], name=op.f('fk_progression_other_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('direction', 'exercise_id', 'position', name=op.f('pk_progression')),
    sa.UniqueConstraint('exercise_id', 'other_id', name=op.f('uq_progression_exercise_id_other_id'))
    )
    op.create_index(op.f('ix_progression_other_id'), 'progression', ['other_id'], unique=False)
    op.create_table('routine_citation',
    sa.Column('routine_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('locator', sa.String(), nullable=True),
    sa.Column('note', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['routine_id'], ['routine.id'], name=op.f('fk_routine_citation_routine_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_routine_citation_source_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('routine_id', 'position', name=op.f('pk_routine_citation'))
    )
    op.create_index(op.f('ix_routine_citation_source_id'), 'routine_citation', ['source_id'], unique=False)
    op.create_table('routine_condition',
    sa.Column('routine_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['routine_id'], ['routine.id'], name=op.f('fk_routine_condition_routine_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_routine_condition_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('routine_id', 'position', name=op.f('pk_routine_condition')),
    sa.UniqueConstraint('routine_id', 'term_id', name=op.f('uq_routine_condition_routine_id_term_id'))
    )
    op.create_index(op.f('ix_routine_condition_term_id'), 'routine_condition', ['term_id'], unique=False)
    op.create_table('routine_region',
    sa.Column('routine_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['routine_id'], ['routine.id'], name=op.f('fk_routine_region_routine_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_routine_region_term_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('routine_id', 'position', name=op.f('pk_routine_region')),
    sa.UniqueConstraint('routine_id', 'term_id', name=op.f('uq_routine_region_routine_id_term_id'))
    )
    op.create_index(op.f('ix_routine_region_term_id'), 'routine_region', ['term_id'], unique=False)
    op.create_table('stage',
    sa.Column('routine_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('weeks', sa.Integer(), nullable=True),
    sa.Column('times_per_day', sa.Integer(), nullable=True),
    sa.Column('days_per_week', sa.Integer(), nullable=True),
    sa.CheckConstraint('days_per_week <= 7', name=op.f('ck_stage_days_per_week_of_seven')),
    sa.CheckConstraint('days_per_week > 0', name=op.f('ck_stage_days_per_week_positive')),
    sa.CheckConstraint('number > 0', name=op.f('ck_stage_number_positive')),
    sa.CheckConstraint('times_per_day > 0', name=op.f('ck_stage_times_per_day_positive')),
    sa.CheckConstraint('weeks > 0', name=op.f('ck_stage_weeks_positive')),
    sa.ForeignKeyConstraint(['routine_id'], ['routine.id'], name=op.f('fk_stage_routine_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('routine_id', 'number', name=op.f('pk_stage'))
    )
    op.create_table('step',
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('instruction', sa.JSON(), nullable=False),
    sa.Column('cue', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('breathing', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('hold_seconds', sa.Integer(), nullable=True),
    sa.CheckConstraint('hold_seconds > 0', name=op.f('ck_step_hold_seconds_positive')),
    sa.CheckConstraint('number > 0', name=op.f('ck_step_number_positive')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_step_exercise_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('exercise_id', 'number', name=op.f('pk_step'))
    )
    op.create_table('tip',
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('condition_id', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['condition_id'], ['term.id'], name=op.f('fk_tip_condition_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_tip_exercise_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_tip_source_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('exercise_id', 'position', name=op.f('pk_tip'))
    )
    op.create_index(op.f('ix_tip_condition_id'), 'tip', ['condition_id'], unique=False)
    op.create_index(op.f('ix_tip_source_id'), 'tip', ['source_id'], unique=False)
    op.create_table('item',
    sa.Column('routine_id', sa.Integer(), nullable=False),
    sa.Column('stage_number', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('section', CODE, nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('intensity', sa.Integer(), nullable=False),
    sa.Column('note', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('sets', sa.Integer(), nullable=True),
    sa.Column('repetitions', sa.Integer(), nullable=True),
    sa.Column('hold_seconds', sa.Integer(), nullable=True),
    sa.Column('rest_seconds', sa.Integer(), nullable=True),
    sa.Column('times_per_day', sa.Integer(), nullable=True),
    sa.Column('days_per_week', sa.Integer(), nullable=True),
    sa.Column('per_side', sa.Boolean(), nullable=True),
    sa.CheckConstraint("section IN ('warm-up', 'main', 'cool-down')", name=op.f('ck_item_section_allowed')),
    sa.CheckConstraint('days_per_week <= 7', name=op.f('ck_item_days_per_week_of_seven')),
    sa.CheckConstraint('days_per_week > 0', name=op.f('ck_item_days_per_week_positive')),
    sa.CheckConstraint('hold_seconds > 0', name=op.f('ck_item_hold_seconds_positive')),
    sa.CheckConstraint('intensity BETWEEN 1 AND 5', name=op.f('ck_item_intensity_1_to_5')),
    sa.CheckConstraint('position > 0', name=op.f('ck_item_position_positive')),
    sa.CheckConstraint('repetitions > 0', name=op.f('ck_item_repetitions_positive')),
    sa.CheckConstraint('rest_seconds > 0', name=op.f('ck_item_rest_seconds_positive')),
    sa.CheckConstraint('sets > 0', name=op.f('ck_item_sets_positive')),
    sa.CheckConstraint('times_per_day > 0', name=op.f('ck_item_times_per_day_positive')),
    sa.ForeignKeyConstraint(['exercise_id', 'intensity'], ['intensity_level.exercise_id', 'intensity_level.intensity'], name=op.f('fk_item_exercise_id_intensity'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_item_exercise_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['routine_id', 'stage_number'], ['stage.routine_id', 'stage.number'], name=op.f('fk_item_routine_id_stage_number'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('routine_id', 'stage_number', 'position', name=op.f('pk_item'))
    )
    op.create_index(op.f('ix_item_exercise_id'), 'item', ['exercise_id'], unique=False)

    counter = sa.table('revision_counter', sa.column('id', sa.Integer), sa.column('revision', sa.Integer))
    op.bulk_insert(counter, [{'id': 1, 'revision': 0}])


def downgrade() -> None:
    op.drop_index(op.f('ix_item_exercise_id'), table_name='item')
    op.drop_table('item')
    op.drop_index(op.f('ix_tip_source_id'), table_name='tip')
    op.drop_index(op.f('ix_tip_condition_id'), table_name='tip')
    op.drop_table('tip')
    op.drop_table('step')
    op.drop_table('stage')
    op.drop_index(op.f('ix_routine_region_term_id'), table_name='routine_region')
    op.drop_table('routine_region')
    op.drop_index(op.f('ix_routine_condition_term_id'), table_name='routine_condition')
    op.drop_table('routine_condition')
    op.drop_index(op.f('ix_routine_citation_source_id'), table_name='routine_citation')
    op.drop_table('routine_citation')
    op.drop_index(op.f('ix_progression_other_id'), table_name='progression')
    op.drop_table('progression')
    op.drop_index(op.f('ix_media_licence_id'), table_name='media')
    op.drop_table('media')
    op.drop_table('intensity_level')
    op.drop_table('exercise_text')
    op.drop_index(op.f('ix_exercise_region_term_id'), table_name='exercise_region')
    op.drop_table('exercise_region')
    op.drop_index(op.f('ix_exercise_muscle_term_id'), table_name='exercise_muscle')
    op.drop_table('exercise_muscle')
    op.drop_index(op.f('ix_exercise_equipment_term_id'), table_name='exercise_equipment')
    op.drop_table('exercise_equipment')
    op.drop_index(op.f('ix_exercise_contraindication_term_id'), table_name='exercise_contraindication')
    op.drop_table('exercise_contraindication')
    op.drop_index(op.f('ix_exercise_condition_term_id'), table_name='exercise_condition')
    op.drop_table('exercise_condition')
    op.drop_index(op.f('ix_exercise_citation_source_id'), table_name='exercise_citation')
    op.drop_table('exercise_citation')
    op.drop_index(op.f('ix_exercise_benefit_term_id'), table_name='exercise_benefit')
    op.drop_table('exercise_benefit')
    op.drop_table('video')
    op.drop_table('term_text')
    op.drop_index(op.f('ix_term_region_region_id'), table_name='term_region')
    op.drop_table('term_region')
    op.drop_index(op.f('ix_routine_licence_id'), table_name='routine')
    op.drop_table('routine')
    op.drop_index(op.f('ix_professional_service_term_id'), table_name='professional_service')
    op.drop_table('professional_service')
    op.drop_index(op.f('ix_professional_place_place_id'), table_name='professional_place')
    op.drop_table('professional_place')
    op.drop_table('professional')
    op.drop_index(op.f('ix_place_service_term_id'), table_name='place_service')
    op.drop_table('place_service')
    op.drop_index(op.f('ix_place_professional_source_id'), table_name='place_professional')
    op.drop_table('place_professional')
    op.drop_table('online')
    op.drop_index('ix_facet_value', table_name='facet')
    op.drop_table('facet')
    op.drop_index(op.f('ix_exercise_licence_id'), table_name='exercise')
    op.drop_table('exercise')
    op.drop_index('uq_document_kind_language_slug', table_name='document')
    op.drop_index('ix_document_published', table_name='document')
    op.drop_index('ix_document_name', table_name='document')
    op.drop_table('document')
    op.drop_table('book_author')
    op.drop_table('book')
    op.drop_table('term')
    op.drop_table('source')
    op.drop_table('revision_counter')
    op.drop_table('release')
    op.drop_index('ix_reference_target', table_name='reference')
    op.drop_table('reference')
    op.drop_table('redirect')
    op.drop_index('uq_published_entity_kind_slug', table_name='published_entity')
    op.drop_table('published_entity')
    op.drop_table('place')
    op.drop_table('draft_version')
    op.drop_index('ix_document_version_entity', table_name='document_version')
    op.drop_table('document_version')
