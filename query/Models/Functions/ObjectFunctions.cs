namespace NeuroDb.Query;

/// <summary>The table functions that take models and tables, by name.</summary>
internal static class ObjectFunctions
{
    private static readonly Dictionary<string, ObjectFunction> Functions =
        new ObjectFunction[][]
        {
            TableJudging.Functions,
            ModelJudging.Functions,
            ModelInsight.Functions,
            LabelJudging.Functions,
            DriftRows.Functions,
            TrainingRows.Functions,
            ForecastRows.Functions,
            RecommendRows.Functions,
            TaggerRows.Functions,
            GraphRows.Functions,
            TokenRows.Functions,
            SearchJudging.Functions,
        }
        .SelectMany(static group => group)
        .ToDictionary(static function => function.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => Functions.Keys;

    /// <summary>The function of a name, or null.</summary>
    public static ObjectFunction? Find(string name) => Functions.GetValueOrDefault(name);
}
