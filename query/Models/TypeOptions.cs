using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The options of WITH that one TYPE of models alone has.</summary>
internal static class TypeOptions
{
    private static readonly Dictionary<ModelTask, string[]> Known = new()
    {
        [ModelTask.Forecaster] = ["time", "series", "horizon", "season", "lags"],
        [ModelTask.Recommender] = ["user", "item", "time", "items", "feedback", "negatives"],
        [ModelTask.GraphEmbedding] = ["source", "destination", "weight", "directed"],
    };

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Known.Values.SelectMany(static it => it).Distinct();

    /// <summary>Whether some type has an option.</summary>
    public static bool Has(string name) => Names.Contains(name);

    /// <summary>An error if an option is written that has no meaning for a type.</summary>
    public static void CheckOnly(
        ModelOptions options, ModelTask task, string[] general, SourcePosition position)
    {
        Check(options, task, position);
        string[] own = [.. general, .. Known.GetValueOrDefault(task, [])];
        foreach (string name in options.Texts.Keys.Where(it => !own.Contains(it)))
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The option {name} has no meaning for TYPE {ModelBuilds.NameOf(task)}; it knows "
                + string.Join(", ", own.Order(StringComparer.Ordinal)) + ".",
                position);
        }
    }

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
                            .Select(static it => ModelBuilds.NameOf(it.Key))) + ".",
                    position);
            }
        }
    }
}
