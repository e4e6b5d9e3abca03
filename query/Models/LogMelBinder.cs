using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Reads <c>log_mel(clip, bands =&gt; 40, seconds =&gt; 1, rate =&gt; 16000, window_ms =&gt; 25,
/// hop_ms =&gt; 10)</c>: the first two also by their place, all with these values where nothing is
/// said; the rate is then that of the column.
/// </summary>
internal static class LogMelBinder
{
    private static readonly string[] Names = ["bands", "seconds", "rate", "window_ms", "hop_ms"];

    /// <summary>The transform of a column that nobody said anything of.</summary>
    public static TransformSpec Usual(ref FeatureColumn feature, DataType type) =>
        Of(ref feature, type, []);

    /// <summary>The transform of a call; the column gets the shape of its image.</summary>
    public static TransformSpec Bind(
        FunctionCallSyntax call, ref FeatureColumn feature, DataType type)
    {
        var given = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        for (int i = 1; i < call.Arguments.Count; i++)
        {
            FunctionArgumentSyntax argument = call.Arguments[i];
            string? name = argument.Name?.Name ?? (i <= 2 ? Names[i - 1] : null);
            if (name is null || !Names.Contains(name, StringComparer.OrdinalIgnoreCase)
                || !given.TryAdd(name, NumberOf(argument.Value, call.Position)))
            {
                throw SyntaxErrors.At(
                    call.Position,
                    "log_mel takes bands => n, seconds => n, rate => n, window_ms => n and "
                    + "hop_ms => n, each once, the first two also without a name");
            }
        }

        return Of(ref feature, type, given);
    }

    private static TransformSpec Of(
        ref FeatureColumn feature, DataType type, Dictionary<string, double> given)
    {
        double Get(string name, double usual) => given.GetValueOrDefault(name, usual);
        double rate = Get("rate", type.AudioRate > 0 ? type.AudioRate : AudioFrames.RateUsual);
        double hop = rate * Get("hop_ms", AudioFrames.HopUsualMs) / 1000;
        var frames = new AudioFrames(
            Whole(rate),
            Whole(rate * Get("window_ms", AudioFrames.WindowUsualMs) / 1000),
            Whole(hop));
        double count = rate * Get("seconds", AudioFrames.SecondsUsual) / Math.Max(1, frames.Hop);
        var shape = new TensorShape(
            Whole(Get("bands", AudioFrames.BandsUsual)), Whole(count), 1);
        frames.Check(shape);
        feature = feature with { Kind = ColumnKind.Audio, Shape = shape };
        return new TransformSpec(TransformKind.LogMel, feature.Name, 0, frames);
    }

    private static int Whole(double number) =>
        (int)Math.Round(Math.Clamp(number, 0, int.MaxValue));

    private static double NumberOf(ExpressionSyntax value, SourcePosition position) =>
        value is LiteralExpressionSyntax literal
        && double.TryParse(
            literal.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && number > 0 && double.IsFinite(number)
            ? number
            : throw SyntaxErrors.At(position, "log_mel takes numbers greater than 0");
}
