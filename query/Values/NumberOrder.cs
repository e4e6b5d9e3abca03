using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// The order of numbers as <see cref="IComparable{T}.CompareTo"/> has it, without a branch: NaN
/// equals itself and is less than all others, so comparisons, ORDER BY, groups, keys and indexes
/// agree.
/// </summary>
internal static class NumberOrder
{
    /// <summary>Whether two numbers are equal.</summary>
    public static bool AreEqual<T>(T left, T right)
        where T : unmanaged, INumber<T> =>
        left == right | (T.IsNaN(left) & T.IsNaN(right));

    /// <summary>Whether the first of two numbers is less.</summary>
    public static bool IsLess<T>(T left, T right)
        where T : unmanaged, INumber<T> =>
        left < right | (T.IsNaN(left) & !T.IsNaN(right));

    /// <summary>Whether the first of two numbers is not greater.</summary>
    public static bool IsLessOrEqual<T>(T left, T right)
        where T : unmanaged, INumber<T> =>
        left <= right | T.IsNaN(left);

    /// <summary>Which numbers of two vectors are equal; all bits of those are set.</summary>
    public static Vector<T> AreEqual<T>(Vector<T> left, Vector<T> right)
        where T : unmanaged, INumber<T> => typeof(T) == typeof(double)
            ? Vector.Equals(left, right)
                | ~(Vector.Equals(left, left) | Vector.Equals(right, right))
            : Vector.Equals(left, right);

    /// <summary>Which numbers of the first vector are less.</summary>
    public static Vector<T> AreLess<T>(Vector<T> left, Vector<T> right)
        where T : unmanaged, INumber<T> => typeof(T) == typeof(double)
            ? Vector.LessThan(left, right)
                | (Vector.Equals(right, right) & ~Vector.Equals(left, left))
            : Vector.LessThan(left, right);

    /// <summary>Which numbers of the first vector are not greater.</summary>
    public static Vector<T> AreLessOrEqual<T>(Vector<T> left, Vector<T> right)
        where T : unmanaged, INumber<T> => typeof(T) == typeof(double)
            ? Vector.LessThanOrEqual(left, right) | ~Vector.Equals(left, left)
            : Vector.LessThanOrEqual(left, right);
}
