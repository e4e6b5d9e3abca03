using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Which columns of rows say who chose what and when.</summary>
/// <param name="User">The column of users.</param>
/// <param name="Item">The column of items.</param>
/// <param name="Time">The column of times, or nothing.</param>
internal sealed record RecommenderSpec(string User, string Item, string Time)
{
    private const int NegativesUsual = 20;
    private const int NegativesMax = 1000;

    /// <summary>What options say; the usual names where they say nothing.</summary>
    public static RecommenderSpec Of(ModelOptions options) => new(
        options.Texts.GetValueOrDefault("user", "user_id"),
        options.Texts.GetValueOrDefault("item", "item_id"),
        options.Texts.GetValueOrDefault("time", ""));

    /// <summary>How many items that were not chosen stand beside each that was.</summary>
    public static int NegativesOf(ModelOptions options)
    {
        if (!options.Texts.TryGetValue("negatives", out string? text))
        {
            return NegativesUsual;
        }

        return int.TryParse(text, out int count) && count is >= 1 and <= NegativesMax
            ? count
            : throw NeuralErrors.InvalidModel(
                $"The option negatives is a whole number from 1 to {NegativesMax}, not {text}.");
    }
}
