#!/bin/sh
# Installs Afterglow from this checkout on Debian or Ubuntu, or brings an installation to this version:
#     sudo deploy/install.sh --host afterglow.clinic.example [--database sqlite|postgresql] [--dry-run]
# Running it again changes nothing that is right already: settings, secrets and data are made once and never replaced.
# It starts nothing, and asks nothing. --dry-run prints what it would do. --root DIR installs into a folder.
# --help prints these lines.
set -eu

HOST=
DATABASE=sqlite
ROOT=
DRY=no
PYTHON=${PYTHON:-python3}
while [ $# -gt 0 ]; do
    case $1 in
        --host) HOST=${2:?"--host needs a name"}; shift 2 ;;
        --database) DATABASE=${2:?"--database needs sqlite or postgresql"}; shift 2 ;;
        --root) ROOT=${2:?"--root needs a folder"}; shift 2 ;;
        --dry-run) DRY=yes; shift ;;
        -h|--help) sed -n '2,/^set /{s/^# //p;}' "$0"; exit 0 ;;
        *) echo "install.sh: unknown option $1; --help lists them" >&2; exit 2 ;;
    esac
done

fail() { echo "install.sh: $1" >&2; exit 1; }
run() { if [ "$DRY" = yes ]; then echo "would run: $*"; else "$@"; fi; }
say() { echo "== $1"; }
# make_file PATH MODE OWNER: writes standard input to a file that does not exist yet.
make_file() {
    if [ -e "$1" ]; then cat > /dev/null; echo "kept $1"; return; fi
    if [ "$DRY" = yes ]; then cat > /dev/null; echo "would make $1 ($2 $3)"; return; fi
    # Made readable by nobody else from its first moment on.
    (umask 077; cat > "$1.new")
    chmod "$2" "$1.new"
    own "$3" "$1.new"
    mv "$1.new" "$1"
    echo "made $1"
}
# own OWNER PATH...: a folder given with --root needs no users of this machine.
own() { if [ -z "$ROOT" ]; then run chown "$@"; fi; }

# 1. What must be right before anything is changed.
SOURCE=$(cd "$(dirname "$0")/.." && pwd)
VERSION=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$SOURCE/pyproject.toml")
echo "$HOST" | grep -Eq '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$' || fail "--host must be the name of this server, such as afterglow.clinic.example"
case $DATABASE in sqlite|postgresql) ;; *) fail "--database must be sqlite or postgresql" ;; esac
[ "$DRY" = yes ] || [ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || fail "run it with sudo"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed: set PYTHON to it"
"$PYTHON" -c 'import ensurepip, venv' 2> /dev/null || fail "install the package python3-venv first"
# The services see no home (ProtectHome=), and their user may read none.
INTERPRETER=$("$PYTHON" -c 'import os, sys; print(os.path.realpath(sys.executable))')
case $INTERPRETER in
    /root/*|/home/*) [ -n "$ROOT" ] || fail "$INTERPRETER is in a home, which the services cannot see: set PYTHON=/usr/bin/python3" ;;
esac

# 2. A user that nobody can sign in as.
say "user afterglow"
if [ -n "$ROOT" ]; then
    echo "skipped: --root"
elif id afterglow > /dev/null 2>&1; then
    echo "kept user afterglow"
else
    run useradd --system --user-group --home-dir /var/lib/afterglow --no-create-home --shell /usr/sbin/nologin afterglow
fi

# 3. Folders: code belongs to root and is not writable by the server; data belongs to the server alone.
say "folders"
for folder in /opt/afterglow/releases /etc/afterglow/secrets /etc/systemd/system /etc/nginx/sites-available \
    /etc/nginx/sites-enabled /var/lib/afterglow /var/backups/afterglow /var/www/letsencrypt /usr/local/sbin; do
    [ -d "$ROOT$folder" ] || run mkdir -p "$ROOT$folder"
done
run chmod 0700 "$ROOT/var/lib/afterglow" "$ROOT/var/backups/afterglow"
own afterglow:afterglow "$ROOT/var/lib/afterglow" "$ROOT/var/backups/afterglow"
run chmod 0750 "$ROOT/etc/afterglow" "$ROOT/etc/afterglow/secrets"
own root:afterglow "$ROOT/etc/afterglow" "$ROOT/etc/afterglow/secrets"

# 4. This version's code and packages, beside those of the versions before: going back is one link.
RELEASE=/opt/afterglow/releases/$VERSION
PARTS="api cli clinical config.py demo deploy docs imports migrations models rendering schemas services \
    alembic.ini pyproject.toml requirements.txt wsgi.py CHANGELOG.md LICENSE README.md"
say "code in $RELEASE"
if [ -e "$ROOT$RELEASE/.complete" ]; then
    # Of one version there is one installation, also while it is not released and its code changes.
    DIFFERS=$(for part in $PARTS; do
        diff -rq -x __pycache__ "$SOURCE/$part" "$ROOT$RELEASE/$part" 2>&1 | head -n 1
    done | head -n 1)
    echo "kept $RELEASE${DIFFERS:+, whose code is not that of this checkout: remove it and run this again to install this one}"
else
    run rm -rf "$ROOT$RELEASE"
    run mkdir -p "$ROOT$RELEASE"
    for part in $PARTS; do
        run cp -R "$SOURCE/$part" "$ROOT$RELEASE/"
    done
    run "$PYTHON" -m venv "$ROOT$RELEASE/.venv"
    run "$ROOT$RELEASE/.venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check \
        --require-hashes -r "$ROOT$RELEASE/requirements.txt"
    run chmod -R go-w,a+rX "$ROOT$RELEASE"
    run touch "$ROOT$RELEASE/.complete"
fi

# 5. Settings and secrets, each made once.
say "settings in /etc/afterglow"
sed "s/afterglow\.clinic\.example/$HOST/" "$SOURCE/deploy/afterglow.env" |
    make_file "$ROOT/etc/afterglow/afterglow.env" 0640 root:afterglow
if [ -r "$ROOT/etc/afterglow/afterglow.env" ] && ! grep -qF "$HOST" "$ROOT/etc/afterglow/afterglow.env"; then
    echo "install.sh: $HOST is not in /etc/afterglow/afterglow.env, so the server will refuse it: change ALLOWED_HOSTS and PUBLIC_URL there" >&2
fi
SECRETS=$ROOT/etc/afterglow/secrets
"$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(32))' | make_file "$SECRETS/secret_key" 0640 root:afterglow
for name in previous_secret_key smtp_password backup_identity; do
    make_file "$SECRETS/$name" 0640 root:afterglow < /dev/null
done
for role in '' _owner _backup; do
    if [ "$DATABASE" = sqlite ]; then
        echo "sqlite:////var/lib/afterglow/afterglow.db"
    else
        echo "postgresql://afterglow$role@/afterglow?host=/var/run/postgresql"
    fi | make_file "$SECRETS/database${role}_url" 0640 root:afterglow
done

# 6. Units, the command, the proxy's site. These are ours, and replaced; your own lines belong into drop-ins
#    (systemctl edit afterglow) and into a file of your own in /etc/nginx/conf.d.
say "units, command and site"
for unit in "$SOURCE"/deploy/systemd/*; do
    run install -m 0644 "$unit" "$ROOT/etc/systemd/system/"
done
run install -m 0755 "$SOURCE/deploy/afterglow" "$ROOT/usr/local/sbin/afterglow"
SITE=$ROOT/etc/nginx/sites-available/afterglow
if [ "$DRY" = yes ]; then
    echo "would write $SITE"
else
    # A certificate of the clinic's own stays: nginx would not start without the one of the shipped site.
    sed "s/afterglow\.clinic\.example/$HOST/g" "$SOURCE/deploy/nginx/afterglow.conf" > "$SITE.new"
    for name in ssl_certificate ssl_certificate_key; do
        OWN=$(sed -n "s/^ *$name  *\(.*\);.*$/\1/p" "$SITE" 2> /dev/null | head -n 1)
        case $OWN in
            '') continue ;;
            /etc/letsencrypt/*) [ ! -e "/etc/letsencrypt/live/$HOST" ] || continue ;;
        esac
        case $OWN in
            "/etc/letsencrypt/live/$HOST/"*) ;;
            *) sed -i "s|^\( *$name  *\).*;|\1$OWN;|" "$SITE.new"; echo "kept $name $OWN" ;;
        esac
    done
    mv "$SITE.new" "$SITE"
fi

# 7. From here on commands and units use this version.
say "current version: $VERSION"
run ln -sfn "releases/$VERSION" "$ROOT/opt/afterglow/current"
if [ -z "$ROOT" ] && [ -d /run/systemd/system ]; then run systemctl daemon-reload; fi

say "done. Next, from docs/operate.md:"
if [ "$DATABASE" = postgresql ]; then
    echo "  the roles of PostgreSQL: deploy/postgresql.sql, and the lines of deploy/pg_ident.conf"
fi
cat << END
  the certificate, and nginx with the site afterglow
  afterglow db upgrade
  systemctl enable --now afterglow.socket afterglow.service afterglow-worker.service
  systemctl enable --now afterglow-refresh.timer afterglow-backup.timer afterglow-drill.timer
  (after an upgrade: systemctl restart afterglow afterglow-worker)
END
