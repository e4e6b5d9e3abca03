using System.Globalization;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>
/// Draws queries per second against recall as SVG: both axes logarithmic, recall by what is missing
/// to 1, and of each index only the settings that no other one of it beats.
/// </summary>
internal static class AnnPlot
{
    private const int Width = 760;
    private const int Height = 460;
    private const int Left = 70;
    private const int Right = 250;
    private const int Top = 30;
    private const int Bottom = 50;
    private static readonly double[] Ticks = [0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9997];

    private static readonly string[] Colors =
        ["#d62728", "#1f77b4", "#17becf", "#2ca02c", "#9467bd", "#8c564b", "#7f7f7f"];

    /// <summary>Writes the plot.</summary>
    public static void Write(string path, string title, IReadOnlyList<AnnRun> runs)
    {
        AnnPoint[][] fronts = [.. runs.Select(Front)];
        double low = Math.Pow(10, Math.Floor(Math.Log10(
            fronts.SelectMany(static front => front).Min(static point => point.Qps))));
        double high = Math.Pow(10, Math.Ceiling(Math.Log10(
            fronts.SelectMany(static front => front).Max(static point => point.Qps))));
        var svg = new StringBuilder();
        svg.AppendLine("<svg xmlns=\"http://www.w3.org/2000/svg\" "
            + $"width=\"{Text(Width)}\" height=\"{Text(Height)}\" "
            + "font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        svg.AppendLine($"<text x=\"{Text(Left)}\" y=\"18\">{title}</text>");
        DrawAxes(svg, low, high);
        for (int i = 0; i < fronts.Length; i++)
        {
            string color = Colors[i % Colors.Length];
            string line = string.Join(' ', fronts[i].Select(
                point => $"{Text(X(point.Recall))},{Text(Y(point.Qps, low, high))}"));
            svg.AppendLine($"<polyline points=\"{line}\" fill=\"none\" stroke=\"{color}\" "
                + "stroke-width=\"2\"/>");
            svg.AppendLine($"<text x=\"{Text(Width - Right + 10)}\" "
                + $"y=\"{Text(Top + 14 + (18 * i))}\" fill=\"{color}\">{runs[i].Name}</text>");
        }

        svg.AppendLine("</svg>");
        File.WriteAllText(path, svg.ToString());
    }

    private static AnnPoint[] Front(AnnRun run) =>
    [
        .. run.Points
            .Where(point => point.Recall >= Ticks[0] && !run.Points.Any(other =>
                other.Recall >= point.Recall && other.Qps > point.Qps))
            .OrderBy(static point => point.Recall),
    ];

    private static void DrawAxes(StringBuilder svg, double low, double high)
    {
        foreach (double recall in Ticks)
        {
            string x = Text(X(recall));
            string bottom = Text(Height - Bottom);
            svg.AppendLine($"<line x1=\"{x}\" x2=\"{x}\" y1=\"{Text(Top)}\" y2=\"{bottom}\" "
                + "stroke=\"#ddd\"/>");
            svg.AppendLine($"<text x=\"{x}\" y=\"{Text(Height - Bottom + 18)}\" "
                + $"text-anchor=\"middle\">{recall.ToString(CultureInfo.InvariantCulture)}</text>");
        }

        for (double qps = low; qps <= high * 1.01; qps *= 10)
        {
            string y = Text(Y(qps, low, high));
            svg.AppendLine($"<line x1=\"{Text(Left)}\" x2=\"{Text(Width - Right)}\" y1=\"{y}\" "
                + $"y2=\"{y}\" stroke=\"#ddd\"/>");
            svg.AppendLine($"<text x=\"{Text(Left - 6)}\" y=\"{y}\" text-anchor=\"end\">"
                + qps.ToString("F0", CultureInfo.InvariantCulture) + "</text>");
        }

        svg.AppendLine($"<text x=\"{Text(Left)}\" y=\"{Text(Height - 12)}\">recall of the nearest; "
            + "queries a second of one core, higher is better</text>");
    }

    private static string Text(double number) =>
        number.ToString("0.#", CultureInfo.InvariantCulture);

    private static double X(double recall)
    {
        double first = -Math.Log10(1 - Ticks[0]);
        double last = -Math.Log10(1 - 0.99995);
        double at = -Math.Log10(1 - Math.Min(recall, 0.99995));
        return Left + ((Width - Left - Right) * (at - first) / (last - first));
    }

    private static double Y(double qps, double low, double high) => Height - Bottom
        - ((Height - Top - Bottom) * Math.Log10(qps / low) / Math.Log10(high / low));
}
