using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The options of WITH that one TYPE of models alone has.</summary>
internal static class TypeOptions
{
    private static readonly Dictionary<ModelTask, string[]> Known = new()
    {
        [ModelTask.Forecaster] = ["time", "series", "horizon", "season", "lags"],
        [ModelTask.Recommender] = ["user", "item", "time", "items", "feedback", "negatives"],
    };

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Known.Values.SelectMany(static it => it).Distinct();

    /// <summary>Whether some type has an option.</summary>
    public static bool Has(string name) => Names.Contains(name);

    /// <summary>An error if an option is of another type than the model.</summary>
    public static void Check(ModelOptions options, ModelTask task, SourcePosition position)
    {
        foreach (string name in options.Texts.Keys.Where(Has))
        {
            if (!Known.TryGetValue(task, out string[]? own) || !own.Contains(name))
            {
                throw new NeuroStoreException(
                    ErrorCode.InvalidModel,
                    $"The option {name} is for TYPE " + string.Join(
                        " and TYPE ",
                        Known.Where(it => it.Value.Contains(name))
                            .Select(static it => it.Key.ToString().ToLowerInvariant())) + ".",
                    position);
            }
        }
    }
}
