namespace NeuroDb.Gpu;

/// <summary>A point of the hulls of <see cref="LineFitter"/>.</summary>
/// <param name="X">The key.</param>
/// <param name="Y">The place, moved by the error bound.</param>
internal readonly record struct HullPoint(ulong X, long Y)
{
    /// <summary>
    /// The sign of the slope from a to b less that from c to d; b lies right of a, d right of c.
    /// </summary>
    public static int CompareSlopes(HullPoint a, HullPoint b, HullPoint c, HullPoint d)
    {
        Int128 left = (Int128)(b.Y - a.Y) * (d.X - c.X);
        Int128 right = (Int128)(d.Y - c.Y) * (b.X - a.X);
        return left.CompareTo(right);
    }
}
