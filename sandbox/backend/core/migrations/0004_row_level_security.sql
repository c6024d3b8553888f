-- Who may see which row (contract 4.3, 4.4, 8.6). Nothing is granted to the anonymous role.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, anon;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, anon;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM PUBLIC, anon;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT ALL ON ALL TABLES IN SCHEMA public TO service_role;
GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON FUNCTIONS TO service_role;

-- The definer passes RLS, so the policies of user_roles can ask this function without asking themselves.
CREATE FUNCTION caller_is(VARIADIC allowed text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT 1 FROM public.user_roles WHERE user_id = auth.uid() AND role = ANY (allowed))
$$;
REVOKE ALL ON FUNCTION caller_is FROM PUBLIC;
GRANT EXECUTE ON FUNCTION caller_is, get_campaign_stats TO authenticated;

GRANT SELECT, INSERT, UPDATE, DELETE ON
    campaigns, contacts, contact_lists, contact_list_contacts, campaign_contact_lists, campaign_contacts, calls
TO authenticated;
GRANT SELECT ON call_history, call_errors, user_roles, role_permissions, profiles, auth_audit_log TO authenticated;
GRANT INSERT (id, full_name), UPDATE (full_name) ON profiles TO authenticated;

DO $$
DECLARE
    each record;
BEGIN
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', each.tablename);
    END LOOP;
END
$$;

CREATE POLICY campaigns_select_own ON campaigns FOR SELECT TO authenticated
    USING (user_id = (SELECT auth.uid()));
CREATE POLICY campaigns_select_admin ON campaigns FOR SELECT TO authenticated
    USING ((SELECT caller_is('admin')));
CREATE POLICY campaigns_insert ON campaigns FOR INSERT TO authenticated
    WITH CHECK ((SELECT caller_is('admin', 'operator')) AND user_id = (SELECT auth.uid()));
CREATE POLICY campaigns_update ON campaigns FOR UPDATE TO authenticated
    USING ((SELECT caller_is('admin')) OR ((SELECT caller_is('operator')) AND user_id = (SELECT auth.uid())))
    WITH CHECK ((SELECT caller_is('admin')) OR user_id = (SELECT auth.uid()));
CREATE POLICY campaigns_delete ON campaigns FOR DELETE TO authenticated
    USING ((SELECT caller_is('admin')));

CREATE POLICY contacts_select ON contacts FOR SELECT TO authenticated USING ((SELECT caller_is('admin', 'operator')));
CREATE POLICY contacts_insert ON contacts FOR INSERT TO authenticated WITH CHECK ((SELECT caller_is('admin', 'operator')));
CREATE POLICY contacts_update ON contacts FOR UPDATE TO authenticated USING ((SELECT caller_is('admin', 'operator')));
CREATE POLICY contacts_delete ON contacts FOR DELETE TO authenticated USING ((SELECT caller_is('admin', 'operator')));

CREATE POLICY contact_lists_staff ON contact_lists TO authenticated
    USING ((SELECT caller_is('admin', 'operator')));
CREATE POLICY contact_list_contacts_staff ON contact_list_contacts TO authenticated
    USING ((SELECT caller_is('admin', 'operator')));
CREATE POLICY campaign_contact_lists_staff ON campaign_contact_lists TO authenticated
    USING ((SELECT caller_is('admin', 'operator')));
CREATE POLICY campaign_contacts_staff ON campaign_contacts TO authenticated
    USING ((SELECT caller_is('admin', 'operator')));

CREATE POLICY calls_select ON calls FOR SELECT TO authenticated USING ((SELECT caller_is('admin', 'operator')));
CREATE POLICY calls_insert ON calls FOR INSERT TO authenticated WITH CHECK ((SELECT caller_is('admin', 'operator')));
CREATE POLICY calls_update ON calls FOR UPDATE TO authenticated USING ((SELECT caller_is('admin', 'operator')));
CREATE POLICY calls_delete ON calls FOR DELETE TO authenticated USING ((SELECT caller_is('admin')));
CREATE POLICY call_history_select ON call_history FOR SELECT TO authenticated
    USING ((SELECT caller_is('admin', 'operator')));
CREATE POLICY call_errors_select ON call_errors FOR SELECT TO authenticated
    USING ((SELECT caller_is('admin', 'operator')));

CREATE POLICY user_roles_select ON user_roles FOR SELECT TO authenticated
    USING (user_id = (SELECT auth.uid()) OR (SELECT caller_is('admin')));
CREATE POLICY role_permissions_select ON role_permissions FOR SELECT TO authenticated USING (true);
CREATE POLICY profiles_select ON profiles FOR SELECT TO authenticated
    USING (id = (SELECT auth.uid()) OR (SELECT caller_is('admin')));
CREATE POLICY profiles_insert_own ON profiles FOR INSERT TO authenticated WITH CHECK (id = (SELECT auth.uid()));
CREATE POLICY profiles_update_own ON profiles FOR UPDATE TO authenticated USING (id = (SELECT auth.uid()));
CREATE POLICY auth_audit_log_select ON auth_audit_log FOR SELECT TO authenticated USING ((SELECT caller_is('admin')));
