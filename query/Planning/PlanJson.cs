using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>Writes physical plans as JSON: one object for each operator.</summary>
internal static class PlanJson
{
    /// <summary>The plan of a statement.</summary>
    /// <param name="title">What the statement does, beside its plan.</param>
    /// <param name="lookups">What it looks up beside the rows of its plan.</param>
    /// <param name="plan">The plan, or null if it has none.</param>
    /// <param name="context">The execution, perhaps measured.</param>
    public static string Write(
        string title,
        IReadOnlyList<string> lookups,
        PlanNode? plan,
        ExecutionContext context)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            stream,
            new JsonWriterOptions
            {
                Indented = true,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }))
        {
            writer.WriteStartObject();
            writer.WriteString("statement", title);
            WriteTexts(writer, "lookups", lookups);
            if (plan is not null)
            {
                writer.WritePropertyName("plan");
                Write(writer, plan, context, []);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(
        Utf8JsonWriter writer,
        PlanNode plan,
        ExecutionContext context,
        HashSet<PlanNode> shown)
    {
        writer.WriteStartObject();
        writer.WriteString("operator", plan.GetType().Name);
        writer.WriteString("description", plan.Describe());
        if (plan.Estimate is { } estimate)
        {
            writer.WriteNumber("estimatedRows", Math.Round(estimate.Rows));
            writer.WriteNumber("estimatedRowsLow", Math.Round(estimate.Low));
            writer.WriteNumber("estimatedRowsHigh", Math.Round(estimate.High));
            writer.WriteString("estimateSource", estimate.Source.ToString().ToLowerInvariant());
        }

        writer.WriteString("device", plan.Device(context));
        WriteMeasured(writer, plan, context);
        WriteTexts(writer, "details", [.. plan.Details(context)]);
        WriteAll(
            writer, "subqueries", plan.Subqueries.Select(query => query.Plan), context, shown);
        // Rows that are computed once are explained once.
        if (plan is not SharedRows shared || shown.Add(shared.Plan))
        {
            WriteAll(writer, "inputs", plan.Children, context, shown);
        }

        writer.WriteEndObject();
    }

    private static void WriteTexts(
        Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text.TrimStart());
        }

        writer.WriteEndArray();
    }

    private static void WriteMeasured(
        Utf8JsonWriter writer, PlanNode plan, ExecutionContext context)
    {
        if (context.Profile is null)
        {
            return;
        }

        NodeProfile measured = context.Profile.Find(plan) ?? new NodeProfile();
        writer.WriteNumber("actualRows", measured.Rows);
        writer.WriteNumber("starts", measured.Starts);
        writer.WriteNumber("timeMs", Math.Round(measured.Elapsed.TotalMilliseconds, 3));
        writer.WriteNumber("allocatedBytes", measured.AllocatedBytes);
        if (measured.SpilledBytes > 0)
        {
            writer.WriteNumber("spilledBytes", measured.SpilledBytes);
        }

        if (measured.LaneCount > 1)
        {
            writer.WriteNumber("lanes", measured.LaneCount);
        }

        if (measured.SkippedChunks > 0)
        {
            writer.WriteNumber("skippedChunks", measured.SkippedChunks);
        }
    }

    private static void WriteAll(
        Utf8JsonWriter writer,
        string name,
        IEnumerable<PlanNode> plans,
        ExecutionContext context,
        HashSet<PlanNode> shown)
    {
        PlanNode[] all = [.. plans];
        if (all.Length == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (PlanNode plan in all)
        {
            Write(writer, plan, context, shown);
        }

        writer.WriteEndArray();
    }
}
