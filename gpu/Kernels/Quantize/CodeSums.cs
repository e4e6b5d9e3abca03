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

    /// <summary>dot(v, c) over the dimensions of the head of a code of a list.</summary>
    public double HeadCentroid { get; set; }

    /// <summary>dot(c, r).</summary>
    public double CentroidResidual { get; set; }

    /// <summary>The factors of a code of one bit in a list.</summary>
    public readonly ListFactors ToListFactors(Metric metric, int dimension)
    {
        (float add, float scale, float error) = ToFactors(metric, dimension);
        if (SquaredNorm == 0)
        {
            return default;
        }

        double inverseShare = (double)dimension / ListBlocks.HeadDimension(dimension);
        double product = SquaredNorm / CodeResidual * inverseShare * HeadCentroid;
        double headAdd = metric == Metric.L2
            ? SquaredNorm + (2 * product)
            : product - CentroidResidual;
        return new((float)headAdd, add, scale, error);
    }

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
