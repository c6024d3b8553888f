-- Campaigns, contacts, lists and calls (contract 4.4).

CREATE TYPE campaign_status AS ENUM ('draft', 'active', 'paused', 'completed', 'cancelled');
CREATE TYPE campaign_type AS ENUM ('sales', 'support', 'survey', 'follow_up', 'educational', 'retention');
CREATE TYPE call_status AS ENUM (
    'scheduled', 'in_progress', 'completed', 'failed', 'cancelled', 'pending', 'no_answer', 'busy', 'error'
);

CREATE TABLE campaigns (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid,
    name varchar(255) NOT NULL,
    description text,
    status campaign_status NOT NULL DEFAULT 'draft',
    campaign_type campaign_type NOT NULL DEFAULT 'sales',
    schedule_start timestamptz NOT NULL,
    schedule_end timestamptz NOT NULL,
    contact_list_ids uuid[] NOT NULL DEFAULT '{}',
    script_template text NOT NULL,
    calling_hours_start time,
    calling_hours_end time,
    max_retries integer NOT NULL DEFAULT 3,
    retry_delay_minutes integer NOT NULL DEFAULT 60,
    total_calls integer NOT NULL DEFAULT 0,
    successful_calls integer NOT NULL DEFAULT 0,
    failed_calls integer NOT NULL DEFAULT 0,
    pending_calls integer NOT NULL DEFAULT 0,
    ai_config jsonb NOT NULL DEFAULT
        '{"model": "gpt-4", "temperature": 0.7, "max_tokens": 150, "custom_prompt_variables": {}}',
    key_points text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT campaigns_dates_check CHECK (schedule_end > schedule_start),
    CONSTRAINT campaigns_hours_check CHECK (calling_hours_end > calling_hours_start),
    CONSTRAINT campaigns_counters_check CHECK (
        total_calls >= 0 AND successful_calls >= 0 AND failed_calls >= 0 AND pending_calls >= 0
    ),
    CONSTRAINT campaigns_outcomes_check CHECK (successful_calls + failed_calls <= total_calls),
    CONSTRAINT campaigns_retries_check CHECK (max_retries >= 0 AND retry_delay_minutes >= 0)
);

CREATE TABLE contacts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    phone_number varchar(20) NOT NULL,
    email varchar(255),
    notes text,
    tags text[] NOT NULL DEFAULT '{}',
    additional_data jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contacts_phone_number_check CHECK (phone_number ~ '^\+?1?[0-9]{9,15}$')
);

CREATE TABLE contact_lists (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    description text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE contact_list_contacts (
    contact_list_id uuid NOT NULL REFERENCES contact_lists (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (contact_list_id, contact_id)
);

CREATE TABLE campaign_contact_lists (
    campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    contact_list_id uuid NOT NULL REFERENCES contact_lists (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (campaign_id, contact_list_id)
);

CREATE TABLE campaign_contacts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    campaign_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    call_status varchar(50) NOT NULL DEFAULT 'pending',
    retry_count integer NOT NULL DEFAULT 0,
    called_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT campaign_contacts_campaign_id_fk FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
    CONSTRAINT campaign_contacts_contact_id_fk FOREIGN KEY (contact_id) REFERENCES contacts (id) ON DELETE CASCADE,
    CONSTRAINT campaign_contacts_once UNIQUE (campaign_id, contact_id)
);

CREATE TABLE calls (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    campaign_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    status call_status NOT NULL DEFAULT 'pending',
    scheduled_time timestamptz,
    start_time timestamptz,
    end_time timestamptz,
    duration integer,
    recording_url text,
    notes text,
    twilio_sid varchar(64),
    retry_attempts integer NOT NULL DEFAULT 0,
    max_retries integer NOT NULL DEFAULT 3,
    script_template text,
    webhook_url text,
    status_callback_url text,
    phone_number varchar(20),
    from_number varchar(20),
    error_message text,
    voice_id text,
    interaction_history jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT calls_campaign_id_fk FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
    CONSTRAINT calls_contact_id_fk FOREIGN KEY (contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE INDEX idx_campaigns_status ON campaigns (status);
CREATE INDEX idx_campaigns_campaign_type ON campaigns (campaign_type);
CREATE INDEX idx_campaigns_created_at ON campaigns (created_at DESC);
CREATE INDEX idx_contacts_phone_number ON contacts (phone_number);
CREATE INDEX idx_contacts_tags ON contacts USING gin (tags);
CREATE INDEX idx_contacts_created_at ON contacts (created_at DESC);
CREATE INDEX idx_contact_list_contacts_contact_id ON contact_list_contacts (contact_id);
CREATE INDEX idx_campaign_contact_lists_contact_list_id ON campaign_contact_lists (contact_list_id);
CREATE INDEX campaign_contacts_campaign_id_idx ON campaign_contacts (campaign_id);
CREATE INDEX campaign_contacts_contact_id_idx ON campaign_contacts (contact_id);
CREATE INDEX idx_calls_status ON calls (status);
CREATE INDEX idx_calls_campaign_id ON calls (campaign_id);
CREATE INDEX idx_calls_contact_id ON calls (contact_id);
CREATE INDEX idx_calls_scheduled_time ON calls (scheduled_time);
CREATE INDEX idx_calls_created_at ON calls (created_at DESC);
CREATE UNIQUE INDEX calls_twilio_sid_key ON calls (twilio_sid) WHERE twilio_sid IS NOT NULL;
