-- updated_at, campaign statistics, and what a new account gets.

CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END
$$;

CREATE TRIGGER update_campaigns_updated_at BEFORE UPDATE ON campaigns
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_contact_lists_updated_at BEFORE UPDATE ON contact_lists
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_contacts_updated_at BEFORE UPDATE ON contacts
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_calls_updated_at BEFORE UPDATE ON calls
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_campaign_contacts_updated_at BEFORE UPDATE ON campaign_contacts
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_conversation_memories_updated_at BEFORE UPDATE ON conversation_memories
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- The same grouping of statuses as the counters of a campaign.
CREATE FUNCTION get_campaign_stats(campaign_id uuid) RETURNS json LANGUAGE sql STABLE SET search_path = '' AS $$
    SELECT json_build_object(
        'total_calls', count(*),
        'completed_calls', count(*) FILTER (WHERE status = 'completed'),
        'failed_calls', count(*) FILTER (WHERE status IN ('failed', 'error', 'busy', 'no_answer')),
        'pending_calls', count(*) FILTER (WHERE status IN ('pending', 'scheduled', 'in_progress')),
        'avg_duration', coalesce(round(avg(duration), 2), 0)
    )
    FROM public.calls
    WHERE calls.campaign_id = get_campaign_stats.campaign_id
$$;

-- Accounts also come into being at the auth service, without the API; they get the weakest role (R-08).
CREATE FUNCTION handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.profiles (id, full_name)
    VALUES (NEW.id, NEW.raw_user_meta_data ->> 'name')
    ON CONFLICT DO NOTHING;
    INSERT INTO public.user_roles (user_id, role) VALUES (NEW.id, 'user') ON CONFLICT DO NOTHING;
    RETURN NEW;
END
$$;

CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users
    FOR EACH ROW EXECUTE FUNCTION handle_new_user();
