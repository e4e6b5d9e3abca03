using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The query of a <see cref="VectorSearch"/> as codes of a part are compared with it: rotated, seen
/// from the origin of the part. One search at a time owns it.
/// </summary>
/// <remarks>
/// Under the inner product ranks of codes are those of rows without the origin, so that what rows
/// have in common costs no digits: ranks of rows, moved by dot(q, origin). And a query is taken as
/// long as suits the codes, which changes no order: the error of an estimate grows with the
/// distance of the query from the centroid, both with the origin. With q / s in place of q it is
/// least at s = dot(q, c) / |c|^2; centroids c that are near q lie from it by about 60 degrees.
/// </remarks>
internal sealed class RotatedQuery
{
    // The cosine between queries and the centroids near them, without the origin.
    private const double NearCosine = 0.5;

    // Beside the errors of codes, the rounding of tables is that of rows whose codes are all about
    // the same, which it moves all the same way.
    private const float TightShare = 0.2f;

    // Of a step of the tables.
    private const float TableRounding = 0.5f;

    // Of the length of centroids: beyond, queries come no nearer to their direction.
    private const double LengthRatioMax = 4;

    // How large the error of the rank of a centroid may be beside the errors of codes.
    private const float CoarseShare = 0.25f;

    // Of the product of lengths: what sums in single precision are off by.
    private const double Rounding = 1.0 / (1 << 22);

    // So many times the spread of rows, what ranks have in common costs too many digits.
    private const double CommonRatio = 16;

    // So many times the spread of rows a query is unlike them.
    private const double FarRatio = 3;
    private const float FarFactor = 3;

    private float[] _vector = [];

    // The query without the origin, where that is another vector.
    private float[] _seen = [];
    private float[] _origin = [];
    private RandomRotation? _rotation;
    private Metric _metric;
    private double _scale;
    private double _shift;
    private double _base;

    // The length of the query and dot(query, origin), or its squared distance from the origin.
    private double _length;
    private double _product;
    private double _squared;

    /// <summary>The query, rotated.</summary>
    public ReadOnlySpan<float> Vector => _vector;

    /// <summary>How many times as long as the query was asked it is taken.</summary>
    public double Scale => _scale;

    /// <summary>Forgets the query.</summary>
    public void Clear(Metric metric)
    {
        _metric = metric;
        _rotation = null;
        _scale = metric == Metric.Cosine ? 2 : 1;
        _shift = 0;
        _base = 0;
    }

    /// <summary>
    /// Takes ranks without what they have in common, where that is so large that single precision
    /// does not tell the rows of a part apart; before any row is ranked.
    /// </summary>
    public void SetBase(VectorPart part, VectorQuery query)
    {
        double common = _metric switch
        {
            Metric.InnerProduct => -_product,
            Metric.Cosine => _squared / 2,
            _ => _squared,
        };
        double size = _metric == Metric.InnerProduct ? _product * _product : _squared;
        double unit = _metric == Metric.InnerProduct ? _length * _length : 1;
        if (part.SquaredSpread > 0
            && size > CommonRatio * CommonRatio * unit * part.SquaredSpread)
        {
            query.SetBase(common);
            _base = common;
        }
    }

    /// <summary>
    /// How large the terms are that ranks of rows are differences of; nothing where these are
    /// computed in double precision.
    /// </summary>
    public double TermSizeOf(VectorPart part) => _base != 0 ? 0 : _metric switch
    {
        Metric.Cosine => 1,
        Metric.InnerProduct => _length * Math.Sqrt(
            part.SquaredSpread + DoubleSums.Product(_origin, _origin)),
        _ => 0,
    };

    /// <summary>
    /// How much farther than others the query goes where it lies far outside of a part: the lists
    /// that hold the nearest rows are then many, those that reach farthest out towards it.
    /// </summary>
    public float ReachFactorOf(VectorPart part) => _metric != Metric.InnerProduct
        && _squared > FarRatio * FarRatio * part.SquaredSpread
        ? FarFactor
        : 1;

    /// <summary>
    /// Takes the query for a part. Parts that follow from each other have one origin.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="unit">The query; under cosine, of length 1.</param>
    /// <param name="tables">Its tables, which are set.</param>
    /// <returns>Whether ranks of codes are others than they were.</returns>
    public bool Set(VectorPart part, ReadOnlySpan<float> unit, FastScanQuery tables)
    {
        if (_rotation?.Seed == part.Rotation.Seed && part.Origin.AsSpan().SequenceEqual(_origin))
        {
            return false;
        }

        _rotation = part.Rotation;
        _origin = part.Origin;
        int padded = _rotation.PaddedDimension;
        _vector = _vector.Length == padded ? _vector : new float[padded];
        _rotation.Rotate(unit, _vector);
        if (_metric == Metric.InnerProduct)
        {
            Stretch(part);
        }
        else
        {
            VectorShift.Subtract(_vector, _origin, _vector);
            _squared = DoubleSums.Product(_vector, _vector);
        }

        tables.Set(1, _vector);
        return _metric == Metric.InnerProduct;
    }

    /// <summary>The rank of codes that stands for a rank of rows.</summary>
    public float CodeRankOf(float rank) => (float)((_scale * (rank + _base)) + _shift);

    /// <summary>
    /// The distance of a row of some rank; under the inner product how short it falls of the origin
    /// in the direction of the query, whose length does not count.
    /// </summary>
    public float DistanceOf(float rank) => CodeDistanceOf(CodeRankOf(rank));

    /// <summary>The same of a rank of codes, as that of a centroid.</summary>
    public float CodeDistanceOf(float rank) => _metric == Metric.InnerProduct
        ? (float)(rank / (_scale * _length))
        : MathF.Sqrt(Math.Max(0, rank));

    /// <summary>
    /// The query as a list sees it. The rank of the centroid is that of its levels, where its error
    /// is small beside that of codes: bounds are then that much wider.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="list">The list.</param>
    /// <param name="term">The rank of its centroid; infinite if it is not known.</param>
    /// <param name="deviation">The standard deviation of this rank.</param>
    /// <param name="confidence">How many standard deviations bounds lie away.</param>
    /// <param name="tables">The tables of the query.</param>
    /// <param name="slack">How much farther they lie.</param>
    public ListProbe ProbeOf(
        VectorPart part, int list, float term, float deviation, float confidence,
        FastScanQuery tables, out float slack)
    {
        bool isProduct = _metric == Metric.InnerProduct;
        float distance = MathF.Sqrt(Math.Max(0, term));
        float allowed = CoarseShare * part.Radius * distance;
        ListProbe probe;
        if (!isProduct && float.IsFinite(term) && deviation * MathF.Sqrt(_vector.Length) <= allowed)
        {
            slack = confidence * deviation;
            probe = new ListProbe(term, distance, confidence);
        }
        else
        {
            ReadOnlySpan<float> centroid = part.Centroids.Centroid(list);
            float squared = SquaredEuclidean.Compute(isProduct ? _seen : _vector, centroid);
            float exact = isProduct ? -Dot.Compute(_vector, centroid) : squared;
            slack = 0;
            probe = new ListProbe(exact, MathF.Sqrt(squared), confidence);
        }

        if (tables.Spread > TightShare * probe.Distance)
        {
            slack += TableRounding * tables.Step * (tables.Tables.Length / FastScanQuery.EntryCount)
                * part.ScaleOf(list);
        }

        return probe;
    }

    private void Stretch(VectorPart part)
    {
        _length = Math.Sqrt(DoubleSums.Product(_vector, _vector));
        _product = DoubleSums.Product(_vector, _origin);
        double squaredOrigin = DoubleSums.Product(_origin, _origin);
        double near = part.CentroidLength * part.CentroidLength;
        double inverse = (_product + (NearCosine * _length * part.CentroidLength))
            / (squaredOrigin + near);
        inverse = Math.Max(
            inverse, _length / (LengthRatioMax * Math.Sqrt(squaredOrigin + near)));
        _scale = inverse > 0 && double.IsFinite(inverse) ? 1 / inverse : 1;
        for (int i = 0; i < _vector.Length; i++)
        {
            _vector[i] = (float)(_scale * _vector[i]);
        }

        _seen = _seen.Length == _vector.Length ? _seen : new float[_vector.Length];
        VectorShift.Subtract(_vector, _origin, _seen);
        _shift = _scale * (_product + (Rounding * _length * Math.Sqrt(squaredOrigin)));
    }
}
