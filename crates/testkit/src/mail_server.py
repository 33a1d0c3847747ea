"""A mail server for tests: aiosmtpd with a folder in place of mailboxes.

FOLDER CONFIG, where CONFIG is JSON with "tls" (off, starttls, implicit), "certificate", "key",
"user" and "password". Writes its port into FOLDER/port and each message into FOLDER/mails.

What happens to a recipient is told by the name before the @, and by files that the test makes:
  busy...    451 until FOLDER/open is there
  nobody...  550 until FOLDER/open is there
  slow...    no answer to the message until FOLDER/open is there
"""

import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

FOLDER, CONFIG = sys.argv[1], json.loads(sys.argv[2])


def is_open():
    return os.path.exists(os.path.join(FOLDER, "open"))


class Postbox:
    def __init__(self):
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("busy") and not is_open():
            self.note("deferred")
            return "451 4.2.1 mailbox <%s> is busy" % address
        if address.startswith("nobody") and not is_open():
            return "550 5.1.1 <%s> no such user here" % address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("slow"):
            self.note("waiting")
            while not is_open():
                await asyncio.sleep(0.02)
        self.count += 1
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": session.ssl is not None or CONFIG["tls"] == "implicit",
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "hello": session.host_name,
            "headers": {name: str(value) for name, value in message.items()},
            "text": message.get_body(("plain",)).get_content(),
            "html": message.get_body(("html",)).get_content(),
        }
        self.write("mails/%06d" % self.count, json.dumps(mail))
        return "250 OK"

    def note(self, what):
        self.write(what, "")

    def write(self, name, text):
        path = os.path.join(FOLDER, name)
        with open(path + ".new", "w") as file:
            file.write(text)
        os.rename(path + ".new", path)


def authenticate(server, session, envelope, mechanism, data):
    right = (CONFIG["user"].encode(), CONFIG["password"].encode())
    # Not handled: the server itself answers a failure.
    return AuthResult(success=(data.login, data.password) == right, handled=False, auth_data=data)


async def main():
    os.makedirs(os.path.join(FOLDER, "mails"))
    context = None
    if CONFIG["tls"] != "off":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CONFIG["certificate"], CONFIG["key"])
    is_implicit = CONFIG["tls"] == "implicit"
    postbox, options = Postbox(), {"hostname": "mail.test"}
    if CONFIG["user"]:
        options.update(authenticator=authenticate, auth_required=True)
        options.update(auth_require_tls=not is_implicit)
    if context and not is_implicit:
        options.update(tls_context=context, require_starttls=True)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(postbox, **options), "127.0.0.1", CONFIG["port"],
        ssl=context if is_implicit else None,
    )
    postbox.write("port", str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


asyncio.run(main())
