"""The report of a grading: text for people, results.json for Gradescope."""
import json

NO_BUILD = "DOES NOT BUILD"

def rows(tests, results):
    """The tests that ran, each with its points and its record."""
    found = []
    for number, test in enumerate(tests.values(), 1):
        if test.name in results:
            record = results[test.name]
            found.append({**record, "number": number, "name": test.name, "title": test.title,
                          "points": test.points, "hint": record.get("hint") or test.hint,
                          "score": test.points if record["verdict"] == "GOOD" else 0})
    return found


def explanation(row):
    """What there is to say about a test that was not good, line by line."""
    lines = row["text"].splitlines()
    if row.get("expected") is not None:
        lines += [f"expected: {row['expected']}", f"seen:     {row['seen']}"]
    if row.get("where") and "Call Trace:" not in row["log"] and (row["frames"] or row["verdict"] == "HANG"):
        lines += [row["where"]] + ["  " + frame for frame in row["frames"]]
    if row.get("log"):
        head = "the compiler says:" if row["verdict"] == NO_BUILD else "the end of the log:"
        lines += [head] + ["  | " + line for line in row["log"]]
    if row["hint"] and "parent" not in row and row["verdict"] not in (NO_BUILD, "EMPTY"):
        lines.append(f"See step{'s' * (' ' in row['hint'])} {row['hint']} of the handout.")
    return lines


def text(lab, found, remarks):
    lines = [lab.name, *remarks, ""]
    for row in found:
        lines.append(f"{row['score']:3}/{row['points']:<3} {row['verdict']:12} {row['name']}: {row['title']}")
        if row["verdict"] != "GOOD":
            lines += ["                     " + line for line in explanation(row)]
    lines += ["", f"{sum(row['score'] for row in found)} of {sum(row['points'] for row in found)} points"]
    return "\n".join(lines)


def gradescope(lab, found, remarks):
    """results.json, as https://gradescope-autograders.readthedocs.io describes it."""
    def output(row):
        return "\n".join([row["verdict"]] + ([] if row["verdict"] == "GOOD" else explanation(row)))
    return json.dumps({
        "score": sum(row["score"] for row in found),
        "output": "\n".join([lab.name, *remarks]),
        "output_format": "text",
        "visibility": "visible",
        "tests": [{"name": row["title"], "number": str(row["number"]), "score": row["score"],
                   "max_score": row["points"], "status": "passed" if row["score"] else "failed",
                   "output": output(row), "visibility": "visible"} for row in found],
    }, indent=1)
