-- Roles and settings of PostgreSQL for Afterglow. Run it as the superuser, once; it can be repeated:
--     sudo -u postgres psql -v ON_ERROR_STOP=1 -f deploy/postgresql.sql
-- No role has a password here: the operating system's user `afterglow` connects through the local socket, and
-- PostgreSQL knows who it is (peer authentication; deploy/pg_ident.conf and the lines below). A database on
-- another machine needs `ALTER ROLE … PASSWORD` and TLS instead: docs/operate.md.

-- Three roles. The server can change rows and nothing else; only the owner can change tables.
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS', name)
    FROM unnest(ARRAY['afterglow_owner', 'afterglow', 'afterglow_backup']) AS name
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec
-- Restoring and the weekly drill make a database beside the one in use.
ALTER ROLE afterglow_owner CREATEDB;

SELECT 'CREATE DATABASE afterglow OWNER afterglow_owner TEMPLATE template0 ENCODING ''UTF8'''
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'afterglow')
\gexec
\connect afterglow

REVOKE ALL ON DATABASE afterglow FROM PUBLIC;
GRANT CONNECT ON DATABASE afterglow TO afterglow, afterglow_backup;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO afterglow_owner;
GRANT USAGE ON SCHEMA public TO afterglow, afterglow_backup;
-- What migrations will make, and what they made before this file was run.
ALTER DEFAULT PRIVILEGES FOR ROLE afterglow_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO afterglow;
ALTER DEFAULT PRIVILEGES FOR ROLE afterglow_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO afterglow;
ALTER DEFAULT PRIVILEGES FOR ROLE afterglow_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO afterglow_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE afterglow_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO afterglow_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO afterglow;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO afterglow;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO afterglow_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO afterglow_backup;

-- PostgreSQL's own log must not hold what patients write. A refused row is quoted in the DETAIL of its error, and a
-- failed statement with its values: `terse` drops the first, `panic` the second. The server's log has the SQLSTATE.
-- They are set on the roles, as a restored database is a new one.
SELECT format('ALTER ROLE %I SET %s = %L', role, setting, value)
    FROM unnest(ARRAY['afterglow_owner', 'afterglow', 'afterglow_backup']) AS role,
    (VALUES
        ('log_error_verbosity', 'terse'),
        ('log_min_error_statement', 'panic'),
        ('log_statement', 'none'),
        ('log_min_duration_statement', '-1'),
        ('log_min_duration_sample', '-1'),
        ('log_transaction_sample_rate', '0'),
        ('log_duration', 'off'),
        ('log_parameter_max_length', '0'),
        ('log_parameter_max_length_on_error', '0'),
        ('debug_print_parse', 'off')
    ) AS quiet (setting, value)
\gexec

-- An acknowledged check-in is on the disk. Fails here rather than in a power cut.
DO $$
BEGIN
    IF current_setting('fsync') <> 'on' OR current_setting('full_page_writes') <> 'on'
        OR current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'fsync, full_page_writes and synchronous_commit must be on: see postgresql.conf';
    END IF;
END
$$;
