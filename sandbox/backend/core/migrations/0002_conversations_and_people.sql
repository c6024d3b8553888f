-- What is kept about conversations, people and their rights (contract 4.4, 1.5).

CREATE TABLE call_history (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    user_message text,
    ai_response text,
    "timestamp" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE call_errors (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    error_type text NOT NULL,
    error_message text,
    "timestamp" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE conversation_memories (
    conversation_id text PRIMARY KEY,
    memory_data jsonb NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE conversation_metrics (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id text NOT NULL,
    metrics jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE user_roles (
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    role text NOT NULL,
    PRIMARY KEY (user_id, role)
);

CREATE TABLE role_permissions (
    role text NOT NULL,
    permission text NOT NULL,
    PRIMARY KEY (role, permission)
);

CREATE TABLE profiles (
    id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
    full_name text,
    role text NOT NULL DEFAULT 'user'
);

CREATE TABLE auth_audit_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid,
    event_type text NOT NULL,
    ip_address text,
    user_agent text,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_call_history_call_id ON call_history (call_id);
CREATE INDEX idx_call_errors_call_id ON call_errors (call_id);
CREATE INDEX idx_conversation_metrics_conversation_id ON conversation_metrics (conversation_id);
CREATE INDEX idx_auth_audit_log_user_id ON auth_audit_log (user_id);
CREATE INDEX idx_auth_audit_log_created_at ON auth_audit_log (created_at DESC);

INSERT INTO role_permissions (role, permission)
SELECT grants.role, permission
FROM (VALUES
    ('viewer', '{read}'::text[]),
    ('user', '{read}'),
    ('operator', '{read,campaigns:write,contacts:write,contacts:export,calls:write,calls:export}'),
    ('admin', '{read,campaigns:write,campaigns:delete,contacts:write,contacts:export,calls:write,calls:export,cache:manage,settings:write}')
) AS grants (role, permissions), unnest(grants.permissions) AS permission;
