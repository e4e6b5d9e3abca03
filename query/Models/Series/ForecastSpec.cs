using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>What a forecaster reads and how far it looks.</summary>
/// <param name="Time">The column of times.</param>
/// <param name="Series">The column that tells series apart, or nothing.</param>
/// <param name="Target">The column of values.</param>
/// <param name="Horizon">How many steps ahead it says.</param>
/// <param name="Season">After how many steps series repeat themselves; 1 for none, 0 if not
/// decided yet.</param>
/// <param name="Lags">How many values it looks back; 0 if not decided yet.</param>
internal sealed record ForecastSpec(
    string Time, string Series, string Target, int Horizon, int Season, int Lags)
{
    /// <summary>The most steps ahead.</summary>
    public const int HorizonMax = 1000;

    private const int HorizonUsual = 12;
    private const int LagsMax = 4096;
    private const int LagsUsualMax = 128;
    private const int LagsUsualMin = 8;

    /// <summary>What options say.</summary>
    public static ForecastSpec Of(ModelOptions options, string time, string target) => new(
        time,
        options.Texts.GetValueOrDefault("series", ""),
        target,
        Whole(options, "horizon", HorizonUsual, 1, HorizonMax),
        Whole(options, "season", 0, 1, LagsMax),
        Whole(options, "lags", 0, 2, LagsMax));

    /// <summary>How far back it looks if nothing is said: nearly two seasons.</summary>
    public static int UsualLags(int season, int horizon, int shortest)
    {
        int wanted = Math.Clamp(
            season > 1 ? 2 * season : horizon, LagsUsualMin, LagsUsualMax);
        wanted = season > 1 && season + 1 <= LagsMax ? Math.Max(wanted, season + 1) : wanted;
        return Math.Max(2, Math.Min(wanted, (shortest - horizon) / 2));
    }

    private static int Whole(
        ModelOptions options, string name, int otherwise, int least, int most)
    {
        if (!options.Texts.TryGetValue(name, out string? text))
        {
            return otherwise;
        }

        return int.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= least && number <= most
                ? number
                : throw NeuralErrors.InvalidModel(
                    $"The option {name} is a whole number from {least} to {most}, not {text}.");
    }
}
