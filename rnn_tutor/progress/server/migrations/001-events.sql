-- What a class has: who is in it, what they answered, what they took back. Run as the role that owns all of it.
-- Words in braces are the roles of this class (see roles.py). A released step never changes.
CREATE SCHEMA rnn_tutor;
REVOKE ALL ON SCHEMA rnn_tutor FROM PUBLIC;
GRANT USAGE ON SCHEMA rnn_tutor TO {learners}, {hosts};
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Of the class: its name, where members reach the server, how much each may send, and which step was the last.
CREATE TABLE rnn_tutor.setting (
    name text PRIMARY KEY CHECK (octet_length(name) <= 100),
    value text NOT NULL CHECK (octet_length(value) <= 262144)
);
INSERT INTO rnn_tutor.setting VALUES ('most events', '100000'), ('most bytes', '268435456');

-- Who may send. A login belongs to one member, and every right follows from it: from the name that somebody has logged
-- in with, which no command changes.
CREATE TABLE rnn_tutor.member (
    role name PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('learner', 'host')),
    id text NOT NULL CHECK (id ~ '^[a-z0-9][a-z0-9._-]{{0,31}}$'),
    added timestamptz NOT NULL DEFAULT now(),
    events bigint NOT NULL DEFAULT 0,  -- sent so far, with what was taken back
    bytes bigint NOT NULL DEFAULT 0,
    UNIQUE (kind, id)
);

-- What each member has had written, in bytes, with what was rolled back: a sequence does not go back. Else somebody could
-- fill the disk with rows that are never kept, and are never counted.
CREATE FUNCTION rnn_tutor.meter() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE format('CREATE SEQUENCE rnn_tutor.%I MINVALUE 0', NEW.role);
    ELSE
        EXECUTE format('DROP SEQUENCE rnn_tutor.%I', OLD.role);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER meter AFTER INSERT OR DELETE ON rnn_tutor.member
    FOR EACH ROW EXECUTE FUNCTION rnn_tutor.meter();

CREATE FUNCTION rnn_tutor.me() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT id FROM rnn_tutor.member WHERE role = session_user AND kind = 'learner' $$;

CREATE FUNCTION rnn_tutor.my_host() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT id FROM rnn_tutor.member WHERE role = session_user AND kind = 'host' $$;

CREATE FUNCTION rnn_tutor.version() RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT value::integer FROM rnn_tutor.setting WHERE name = 'version' $$;

-- The key begins with the learner and ends with the host that vouches: two who send never meet in it, so that no
-- refusal and no silence tells of another's rows.
CREATE TABLE rnn_tutor.event (
    learner text NOT NULL DEFAULT rnn_tutor.me() CHECK (learner ~ '^[a-z0-9][a-z0-9._-]{{0,31}}$'),
    uid uuid NOT NULL,
    vouched_by text NOT NULL DEFAULT '',  -- the kiosk host that sent it; '' for the learner
    at timestamptz NOT NULL CHECK (at > '0001-01-02 00:00:00+00' AND at < '9999-12-30 00:00:00+00'),
    received timestamptz NOT NULL DEFAULT clock_timestamp(),
    seq bigint GENERATED ALWAYS AS IDENTITY,  -- nothing that a learner may read: it counts everybody's
    body text NOT NULL CHECK (octet_length(body) <= 1048576),
    PRIMARY KEY (learner, uid, vouched_by)
);
CREATE INDEX event_seq ON rnn_tutor.event (seq);

-- What the planner knows of a column, EXPLAIN tells whoever may read the column, of everybody's rows: a search by halves
-- gets the texts themselves. So it knows nothing of those that a learner may read.
ALTER TABLE rnn_tutor.event ALTER uid SET STATISTICS 0, ALTER at SET STATISTICS 0,
    ALTER received SET STATISTICS 0, ALTER body SET STATISTICS 0;

-- What was forgotten: the uid alone. It does not come back from another host. What the lecturer has erased does not come
-- back either, but its learner is not told of it: else the learner's own machines would erase their copies.
CREATE TABLE rnn_tutor.forgotten (
    learner text NOT NULL DEFAULT rnn_tutor.me(),
    uid uuid NOT NULL,
    by_lecturer boolean NOT NULL DEFAULT false,
    PRIMARY KEY (learner, uid)
);
ALTER TABLE rnn_tutor.forgotten ALTER uid SET STATISTICS 0;

-- A row for each command that erased something: whoever has counted begins anew when there are more of them.
CREATE TABLE rnn_tutor.erasure (at timestamptz NOT NULL DEFAULT clock_timestamp());

-- What one sends and what one forgets are done one after the other, whichever of one's hosts it is from.
CREATE FUNCTION rnn_tutor.one_at_a_time() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM 1 FROM rnn_tutor.member WHERE role = session_user FOR NO KEY UPDATE;
    RETURN NULL;
END $$;
CREATE TRIGGER one_at_a_time BEFORE INSERT ON rnn_tutor.event
    FOR EACH STATEMENT EXECUTE FUNCTION rnn_tutor.one_at_a_time();
CREATE TRIGGER one_at_a_time BEFORE INSERT ON rnn_tutor.forgotten
    FOR EACH STATEMENT EXECUTE FUNCTION rnn_tutor.one_at_a_time();

-- A trigger comes before the policies. So a row that the policies will refuse is left to them, before anything is
-- looked up for it. A row that is here already, or was forgotten, is left out without being written. What is written is
-- bounded by ten times what one may have kept: a batch that was cut off is sent again. The time limits of a role can be
-- lifted in its sessions; the one here cannot.
CREATE FUNCTION rnn_tutor.take() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    sender rnn_tutor.member;
    size bigint := 100;
    meter regclass;
BEGIN
    SELECT * INTO sender FROM rnn_tutor.member WHERE role = session_user;
    IF sender.role IS NULL OR (sender.kind = 'learner' AND NEW.learner <> sender.id)
        OR (sender.kind = 'host' AND TG_TABLE_NAME = 'forgotten')
    THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM rnn_tutor.forgotten WHERE learner = NEW.learner AND uid = NEW.uid) THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'event' THEN
        NEW.vouched_by := CASE sender.kind WHEN 'host' THEN sender.id ELSE '' END;
        IF EXISTS (
            SELECT FROM rnn_tutor.event
            WHERE learner = NEW.learner AND uid = NEW.uid AND vouched_by = NEW.vouched_by
        ) THEN
            RETURN NULL;
        END IF;
        NEW.received := clock_timestamp();
        size := octet_length(NEW.body) + 200;
    END IF;
    IF clock_timestamp() > statement_timestamp() + interval '30 seconds' THEN
        RAISE EXCEPTION 'these events take too long' USING ERRCODE = 'RT002';
    END IF;
    meter := format('rnn_tutor.%I', sender.role);
    IF setval(meter, size + coalesce(pg_sequence_last_value(meter), 0))
        > (CASE sender.kind WHEN 'host' THEN 1000 ELSE 10 END)
        * (SELECT value::bigint FROM rnn_tutor.setting WHERE name = 'most bytes')
    THEN
        RAISE EXCEPTION 'more than one member may write' USING ERRCODE = 'RT001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER take BEFORE INSERT ON rnn_tutor.event
    FOR EACH ROW EXECUTE FUNCTION rnn_tutor.take();
CREATE TRIGGER take BEFORE INSERT ON rnn_tutor.forgotten
    FOR EACH ROW EXECUTE FUNCTION rnn_tutor.take();

CREATE FUNCTION rnn_tutor.charge(rows bigint, size bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    sender rnn_tutor.member;
    share integer;
BEGIN
    UPDATE rnn_tutor.member SET events = events + rows, bytes = bytes + size
        WHERE role = session_user RETURNING * INTO sender;
    share := CASE sender.kind WHEN 'host' THEN 100 ELSE 1 END;  -- a host sends for many
    IF sender.events > share * (SELECT value::bigint FROM rnn_tutor.setting WHERE name = 'most events')
        OR sender.bytes > share * (SELECT value::bigint FROM rnn_tutor.setting WHERE name = 'most bytes')
    THEN
        RAISE EXCEPTION 'more events than one member may send' USING ERRCODE = 'RT001';
    END IF;
    -- Everybody may notify, and a queue that is full would fail all that is sent. Who listens looks by itself, too.
    IF pg_notification_queue_usage() < 0.5 THEN
        PERFORM pg_notify('rnn_tutor', '');
    END IF;
END $$;

CREATE FUNCTION rnn_tutor.taken() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    rows bigint;
    size bigint;
BEGIN
    SELECT count(*), sum(octet_length(body) + 200) INTO rows, size FROM added;
    IF rows > 0 THEN
        PERFORM rnn_tutor.charge(rows, size);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER taken AFTER INSERT ON rnn_tutor.event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION rnn_tutor.taken();

-- The uids are kept, the events of them go: one's own, and those that a kiosk host has sent for one.
CREATE FUNCTION rnn_tutor.forget() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    rows bigint;
    gone bigint;
BEGIN
    SELECT count(*) INTO rows FROM added;
    IF rows > 0 THEN
        DELETE FROM rnn_tutor.event AS one USING added
            WHERE one.learner = added.learner AND one.uid = added.uid;
        GET DIAGNOSTICS gone = ROW_COUNT;
        IF gone > 0 THEN
            INSERT INTO rnn_tutor.erasure DEFAULT VALUES;
        END IF;
        PERFORM rnn_tutor.charge(rows, 100 * rows);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER forget AFTER INSERT ON rnn_tutor.forgotten REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION rnn_tutor.forget();

-- Of these uids of a learner, those that are neither here nor were forgotten: a server that was brought back from a backup
-- has lost what was sent since. A learner asks of itself alone, a host of what it has vouched for.
CREATE FUNCTION rnn_tutor.lost(of_learner text, uids uuid[]) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    SELECT asked.uid
    FROM (
        SELECT kind, CASE kind WHEN 'learner' THEN '' ELSE id END AS vouched_by,
            CASE kind WHEN 'learner' THEN id ELSE of_learner END AS learner
        FROM rnn_tutor.member WHERE role = session_user
    ) AS sender, unnest(uids) AS asked (uid)
    WHERE NOT EXISTS (
        SELECT FROM rnn_tutor.event AS one
        WHERE one.learner = sender.learner AND one.uid = asked.uid AND one.vouched_by = sender.vouched_by
    ) AND NOT EXISTS (
        SELECT FROM rnn_tutor.forgotten AS one WHERE one.learner = sender.learner AND one.uid = asked.uid
    )
$$;

-- An attempt that was both sent by a kiosk host and, from a merged file, by its learner is one: the learner's.
CREATE VIEW rnn_tutor.told WITH (security_invoker = true) AS
    SELECT DISTINCT ON (learner, uid) learner, uid, vouched_by, at, received, seq, body
    FROM rnn_tutor.event ORDER BY learner, uid, vouched_by;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['setting', 'member', 'event', 'forgotten', 'erasure'] LOOP
        EXECUTE format('ALTER TABLE rnn_tutor.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE rnn_tutor.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY lecturer ON rnn_tutor.%I TO {owner} USING (true) WITH CHECK (true)', name);
    END LOOP;
END $$;

CREATE POLICY own_are_read ON rnn_tutor.event FOR SELECT TO {learners} USING (learner = (SELECT rnn_tutor.me()));
CREATE POLICY own_are_added ON rnn_tutor.event FOR INSERT TO {learners}
    WITH CHECK (learner = (SELECT rnn_tutor.me()) AND vouched_by = '');
CREATE POLICY vouched_are_added ON rnn_tutor.event FOR INSERT TO {hosts}
    WITH CHECK (vouched_by = (SELECT rnn_tutor.my_host()));
CREATE POLICY own_are_read ON rnn_tutor.forgotten FOR SELECT TO {learners}
    USING (learner = (SELECT rnn_tutor.me()) AND NOT by_lecturer);
CREATE POLICY own_are_added ON rnn_tutor.forgotten FOR INSERT TO {learners}
    WITH CHECK (learner = (SELECT rnn_tutor.me()));

GRANT EXECUTE ON FUNCTION rnn_tutor.version() TO {learners}, {hosts};
GRANT EXECUTE ON FUNCTION rnn_tutor.lost(text, uuid[]) TO {learners}, {hosts};
GRANT EXECUTE ON FUNCTION rnn_tutor.me() TO {learners}, {hosts};  -- hosts: as the default that they do not use
GRANT EXECUTE ON FUNCTION rnn_tutor.my_host() TO {hosts};
GRANT SELECT (uid, at, received, body), INSERT (learner, uid, at, body) ON rnn_tutor.event TO {learners};
GRANT INSERT (learner, uid, at, body) ON rnn_tutor.event TO {hosts};
GRANT SELECT (uid), INSERT (learner, uid) ON rnn_tutor.forgotten TO {learners};
