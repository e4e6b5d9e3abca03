namespace NeuroDb.Query;

/// <summary>What a version remembers of one of its targets.</summary>
internal sealed record TargetFacts
{
    /// <summary>The scale of the target while training.</summary>
    public TargetScale Scale { get; init; } = TargetScale.None;

    /// <summary>
    /// The sizes of the errors of a regressor on validation rows, ascending; quantiles of them
    /// where there are many.
    /// </summary>
    public IReadOnlyList<double> ValidationErrors { get; init; } = [];

    /// <summary>What a classifier said of validation rows; see CalibrationRows.</summary>
    public string Calibration { get; init; } = "";
}
