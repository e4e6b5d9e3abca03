namespace NeuroDb.Neural;

/// <summary>
/// The last values of a series as features that do not depend on its unit: less their level,
/// divided by their spread. What a model says of them is turned back the same way.
/// </summary>
/// <param name="Level">The mean of the last season, or of the last few values.</param>
/// <param name="Spread">The root of the mean squared distance to the level; 1 if it is 0.</param>
internal readonly record struct SeriesWindow(double Level, double Spread)
{
    private const int LevelValues = 4;
    private const double Smallest = 1e-9;

    /// <summary>Fills the features of a window, as many as it has values.</summary>
    public static SeriesWindow Fill(
        ReadOnlySpan<double> window, int season, Span<float> features)
    {
        Invariant.Check(window.Length > 0 && features.Length == window.Length);
        int count = Math.Min(window.Length, season > 1 ? season : LevelValues);
        double level = 0;
        foreach (double value in window[^count..])
        {
            level += value / count;
        }

        double squares = 0;
        foreach (double value in window)
        {
            squares += (value - level) * (value - level) / window.Length;
        }

        double spread = Math.Sqrt(squares);
        spread = spread > Smallest * Math.Abs(level) && spread > 0 ? spread : 1;
        for (int i = 0; i < window.Length; i++)
        {
            features[i] = (float)((window[i] - level) / spread);
        }

        return new SeriesWindow(level, spread);
    }

    /// <summary>A value of the series as the model sees it.</summary>
    public float In(double value) => (float)((value - Level) / Spread);

    /// <summary>A number of the model as a value of the series.</summary>
    public double Out(double number) => (number * Spread) + Level;
}
