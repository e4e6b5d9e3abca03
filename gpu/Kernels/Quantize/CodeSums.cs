namespace NeuroDb.Gpu;

/// <summary>
/// The sums over a residual and its code that <see cref="CodeFactors"/> are made of.
/// </summary>
internal record struct CodeSums
{
    /// <summary>dot(r, r).</summary>
    public double SquaredNorm { get; set; }

    /// <summary>dot(v, r).</summary>
    public double CodeResidual { get; set; }

    /// <summary>dot(v, v).</summary>
    public double CodeCode { get; set; }

    /// <summary>dot(v, c).</summary>
    public double CodeCentroid { get; set; }

    /// <summary>dot(c, r).</summary>
    public double CentroidResidual { get; set; }

    /// <summary>The factors, by the formulas of <see cref="ResidualCode"/>.</summary>
    public readonly CodeFactors ToFactors(Metric metric, int dimension)
    {
        if (SquaredNorm == 0)
        {
            return default;
        }

        double gain = SquaredNorm / CodeResidual;
        double squaredCosine = CodeResidual * CodeResidual / (CodeCode * SquaredNorm);
        double tangent = Math.Sqrt(Math.Max(0, 1 - squaredCosine) / squaredCosine);
        double error = Math.Sqrt(SquaredNorm) * tangent / Math.Sqrt(dimension - 1);
        return metric == Metric.L2
            ? new(
                (float)(SquaredNorm + (2 * gain * CodeCentroid)),
                (float)(-2 * gain),
                (float)(2 * error))
            : new(
                (float)((gain * CodeCentroid) - CentroidResidual), (float)-gain, (float)error);
    }
}
