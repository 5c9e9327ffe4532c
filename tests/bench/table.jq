# The README's table of costs, of rows printed by govlab bench -j.
# Usage: jq -rf table.jq bench.json
def where: [
	["no module", "plain"], ["cgroup, no limit", "cgroup"],
	["cpu.max", "cpu.max"], ["cpu.max, 3 levels", "3 levels of it"],
	["outsider", "others'"],
	["governed", "governed"], ["governed, 3 levels", "3 levels"],
	["sampled", "sampled"]];
def operations: [
	["null", "null system call"], ["pipe", "round trip through two pipes"],
	["switch among 2", "switch between 2 processes"],
	["switch among 16", "switch among 16"],
	["switch among 256", "switch among 256"],
	["fork + exit", "fork and exit"], ["thread", "thread"],
	["page fault", "page fault"], ["hackbench", "message of hackbench"],
	["timer", "timer's wake-up"]];
def number: round | tostring |
	if length > 3 then .[:-3] + "," + .[-3:] else . end;
def row: "| " + join(" | ") + " |";

(map({ (.name): .value }) | add) as $values |
(["\(.[0].kernel)"] + (where | map(.[1])) | row),
(["---"] + (where | map("---")) | row),
(operations[] as $op |
	[$op[1]] + (where | map($values["\($op[0]), \(.[0])"] | number)) | row)
