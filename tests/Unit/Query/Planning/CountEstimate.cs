using System.Globalization;
using System.Text.Json;

namespace NeuroDb.Tests.Unit;

/// <summary>What a plan expects of the rows that are counted, beside how many they are.</summary>
internal static class CountEstimate
{
    /// <summary>The rows that are expected of a FROM clause, and those that are there.</summary>
    public static (double Rows, double Truth) Of(QueryFixture fixture, string query)
    {
        double truth = double.Parse(
            fixture.Rows("SELECT count(*) FROM " + query)[0], CultureInfo.InvariantCulture);
        string text = fixture.Rows("EXPLAIN (FORMAT JSON) SELECT count(*) FROM " + query)[0];
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement node = document.RootElement.GetProperty("plan");
        while (node.GetProperty("operator").GetString() is "Project" or "HashAggregate")
        {
            node = node.GetProperty("inputs")[0];
        }

        return (node.GetProperty("estimatedRows").GetDouble(), truth);
    }
}
