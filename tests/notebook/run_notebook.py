"""Runs the cells of a notebook in Deno's kernel, and prints as JSON what each of them shows."""
import json
import subprocess
import sys
import tempfile

from jupyter_client import BlockingKernelClient, connect

with open(sys.argv[1], encoding="utf-8") as file:
    cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]

connection, _ = connect.write_connection_file(tempfile.mktemp(suffix=".json"))
kernel = subprocess.Popen(["deno", "jupyter", "--kernel", "--conn", connection])
try:
    client = BlockingKernelClient()
    client.load_connection_file(connection)
    client.start_channels(hb=False)
    client.kernel_info(reply=True, timeout=60)
    # What the first cell shows may come before anybody listens.
    client.execute_interactive("undefined", timeout=60, output_hook=lambda message: None)
    for cell in cells:
        shown = {"data": {}, "error": ""}

        def show(message):
            content = message["content"]
            if message["msg_type"] in ("execute_result", "display_data"):
                shown["data"] = content["data"]
            elif message["msg_type"] == "error":
                shown["error"] = f"{content['ename']}: {content['evalue']}"

        client.execute_interactive("".join(cell["source"]), timeout=120, output_hook=show)
        print(json.dumps(shown), flush=True)
finally:
    kernel.kill()
