namespace NeuroDb.Query;

/// <summary>What the statements of sequences say; null where they do not.</summary>
internal sealed record SequenceOptions
{
    /// <summary>INCREMENT BY.</summary>
    public long? Increment { get; init; }

    /// <summary>START WITH.</summary>
    public long? Start { get; init; }

    /// <summary>RESTART WITH; the start if no number is given.</summary>
    public long? Restart { get; init; }

    /// <summary>Whether RESTART stands without a number.</summary>
    public bool IsRestart { get; init; }

    /// <summary>MINVALUE.</summary>
    public long? Minimum { get; init; }

    /// <summary>MAXVALUE.</summary>
    public long? Maximum { get; init; }

    /// <summary>Whether it begins again at its end.</summary>
    public bool IsCycle { get; init; }

    /// <summary>The first number.</summary>
    public long First => Start ?? (Step > 0 ? Least : Most);

    /// <summary>The step from one number to the next.</summary>
    public long Step => Increment ?? 1;

    /// <summary>The least number.</summary>
    public long Least => Minimum ?? (Step > 0 ? 1 : long.MinValue);

    /// <summary>The greatest number.</summary>
    public long Most => Maximum ?? (Step > 0 ? long.MaxValue : -1);
}
