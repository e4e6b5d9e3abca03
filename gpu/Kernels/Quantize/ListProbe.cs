namespace NeuroDb.Gpu;

/// <summary>
/// A query as the vectors of one list see it, whose residuals were taken from one centroid.
/// </summary>
/// <param name="Term">
/// The rank of the centroid: |q - c|^2 for <see cref="Metric.L2"/>, -dot(q, c) for
/// <see cref="Metric.InnerProduct"/>.
/// </param>
/// <param name="Distance">|q - c|, which the error of every estimate is proportional to.</param>
/// <param name="Confidence">
/// How many standard deviations the bounds lie from the estimate; 1.9 is that of the source.
/// </param>
internal readonly record struct ListProbe(float Term, float Distance, float Confidence);
