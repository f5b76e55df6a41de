"""Runs the cells of a notebook in Deno's kernel, and prints as JSON what each of them shows."""
import json
import queue
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
    # What a cell shows is lost until the kernel knows who listens.
    is_heard = False
    while not is_heard:
        client.execute("undefined")
        client.get_shell_msg(timeout=60)
        try:
            client.get_iopub_msg(timeout=1)
            is_heard = True
        except queue.Empty:
            pass
    shown = {}
    for cell in cells:
        request = client.execute("".join(cell["source"]))
        shown[request] = {"data": {}, "error": ""}
        while client.get_shell_msg(timeout=120)["parent_header"].get("msg_id") != request:
            pass
    # The kernel may show a value after it has answered.
    while True:
        try:
            message = client.get_iopub_msg(timeout=3)
        except queue.Empty:
            break
        content = message["content"]
        cell = shown.get(message["parent_header"].get("msg_id"), {})
        if message["msg_type"] in ("execute_result", "display_data"):
            cell["data"] = content["data"]
        elif message["msg_type"] == "error":
            cell["error"] = f"{content['ename']}: {content['evalue']}"
    for cell in shown.values():
        print(json.dumps(cell))
finally:
    kernel.kill()
