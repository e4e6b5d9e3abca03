using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The policies of a model, as ALTER MODEL SET (..) stores them. They say what is due, and
/// keep_versions drops what is too much; nothing trains by itself.
/// </summary>
internal sealed record ModelPolicies
{
    private const double LimitUsual = 0.25;

    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["auto_update"] = ["off", "predicted"],
        ["drift_metric"] = ["psi", "ks"],
        ["retention"] = ["none", "clustered"],
    };

    private static readonly string[] Names =
        ["auto_update", "drift_metric", "drift_limit", "keep_versions", "retention"];

    /// <summary>Whether the time of the next training is foretold.</summary>
    public bool IsPredicted { get; private init; }

    /// <summary>psi or ks.</summary>
    public string DriftMetric { get; private init; } = "psi";

    /// <summary>How far a feature may move.</summary>
    public double DriftLimit { get; private init; } = LimitUsual;

    /// <summary>Versions that are kept; 0 for all.</summary>
    public int KeptVersions { get; private init; }

    /// <summary>Whether models that nobody needs are named.</summary>
    public bool IsClustered { get; private init; }

    /// <summary>The policies of a model.</summary>
    public static ModelPolicies Of(ModelDefinition model)
    {
        string Text(string name) => model.Policies.GetValueOrDefault(name, "");
        return new ModelPolicies
        {
            IsPredicted = Text("auto_update") == "predicted",
            DriftMetric = Text("drift_metric") == "ks" ? "ks" : "psi",
            DriftLimit = double.TryParse(
                Text("drift_limit"), CultureInfo.InvariantCulture, out double limit)
                ? limit : LimitUsual,
            KeptVersions = int.TryParse(
                Text("keep_versions"), CultureInfo.InvariantCulture, out int kept) ? kept : 0,
            IsClustered = Text("retention") == "clustered",
        };
    }

    /// <summary>The texts of the policies with those of a statement, checked.</summary>
    public static IReadOnlyDictionary<string, string> Set(
        IReadOnlyDictionary<string, string> known, IReadOnlyList<OptionSyntax> options)
    {
        var policies = new Dictionary<string, string>(known);
        foreach (OptionSyntax option in options)
        {
            string name = option.Name.Name.ToLowerInvariant();
            if (!Names.Contains(name))
            {
                throw NeuralErrors.UnknownName("policy", name, Names);
            }

            string text = ModelOptions.TextOf(option.Value, name, option.Position);
            policies[name] = Words.TryGetValue(name, out string[]? words)
                ? WordOf(name, text, words) : NumberOf(name, text, option);
        }

        return policies;
    }

    /// <summary>The policies as JSON.</summary>
    public static string ToJson(ModelDefinition model) => "{" + string.Join(
        ", ",
        model.Policies.OrderBy(static it => it.Key, StringComparer.Ordinal).Select(
            static it => Words.ContainsKey(it.Key)
                ? $"\"{it.Key}\": \"{it.Value}\"" : $"\"{it.Key}\": {it.Value}")) + "}";

    private static string WordOf(string name, string text, string[] words)
    {
        string word = text.ToLowerInvariant();
        return words.Contains(word) ? word : throw NeuralErrors.UnknownName(name, text, words);
    }

    private static string NumberOf(string name, string text, OptionSyntax option)
    {
        bool isCount = name == "keep_versions";
        bool isRight = isCount
            ? int.TryParse(
                text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            : double.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out double limit)
                && limit > 0 && double.IsFinite(limit);
        return !isRight
            ? throw SyntaxErrors.At(
                option.Position,
                isCount ? "keep_versions is a whole number; 0 keeps all"
                    : "drift_limit is a number above 0")
            : isCount ? text
            : double.Parse(text, CultureInfo.InvariantCulture)
                .ToString("R", CultureInfo.InvariantCulture);
    }
}
