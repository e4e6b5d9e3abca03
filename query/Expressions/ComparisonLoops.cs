using System.Numerics;
using System.Runtime.CompilerServices;

namespace NeuroDb.Query;

/// <summary>
/// Comparison loops over two operands of one physical kind; they write 1 for true and 0 for
/// false. What stands under NULLs is compared too and means nothing.
/// </summary>
internal static class ComparisonLoops
{
    /// <summary>Compares all rows; the operator is one of the six comparisons.</summary>
    public static void Compare(
        BinaryOperator operation, ColumnBuffer left, ColumnBuffer right, Span<long> result)
    {
        Invariant.Check(left.Type.Physical == right.Type.Physical);
        int count = result.Length;
        switch (left.Type.Physical)
        {
            case PhysicalKind.Int64:
                Numbers(
                    operation, new Operand<long>(left, count), new Operand<long>(right, count),
                    result);
                break;
            case PhysicalKind.Double:
                Numbers(
                    operation, new Operand<double>(left, count),
                    new Operand<double>(right, count), result);
                break;
            case PhysicalKind.Text when operation is BinaryOperator.Equal
                or BinaryOperator.NotEqual:
                TextEquality(
                    operation == BinaryOperator.Equal, new Operand<string>(left, count),
                    new Operand<string>(right, count), result);
                break;
            default:
                Others(operation, left, right, result);
                break;
        }
    }

    /// <summary>Whether an operator holds for an ordering of less, equal or greater.</summary>
    public static bool Holds(BinaryOperator operation, int order) => operation switch
    {
        BinaryOperator.Equal => order == 0,
        BinaryOperator.NotEqual => order != 0,
        BinaryOperator.Less => order < 0,
        BinaryOperator.LessOrEqual => order <= 0,
        BinaryOperator.Greater => order > 0,
        _ => order >= 0,
    };

    private static void Numbers<T>(
        BinaryOperator operation, Operand<T> left, Operand<T> right, Span<long> result)
        where T : unmanaged, INumber<T>
    {
        switch (operation)
        {
            case BinaryOperator.Equal:
                Run<T, EqualTest>(left, right, result);
                break;
            case BinaryOperator.NotEqual:
                Run<T, NotEqualTest>(left, right, result);
                break;
            case BinaryOperator.Less:
                Run<T, LessTest>(left, right, result);
                break;
            case BinaryOperator.LessOrEqual:
                Run<T, LessOrEqualTest>(left, right, result);
                break;
            case BinaryOperator.Greater:
                Run<T, LessTest>(right, left, result);
                break;
            default:
                Run<T, LessOrEqualTest>(right, left, result);
                break;
        }
    }

    private static void Run<T, TTest>(Operand<T> left, Operand<T> right, Span<long> result)
        where T : unmanaged, INumber<T>
        where TTest : struct, INumberTest
    {
        int i = 0;
        Vector<T> leftAll = new(left[0]);
        Vector<T> rightAll = new(right[0]);
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> a = left.IsScalar ? leftAll : new Vector<T>(left.Values[i..]);
            Vector<T> b = right.IsScalar ? rightAll : new Vector<T>(right.Values[i..]);
            Vector<T> mask = TTest.Test(a, b);
            (Unsafe.BitCast<Vector<T>, Vector<long>>(mask) & Vector<long>.One)
                .CopyTo(result[i..]);
        }

        for (; i < result.Length; i++)
        {
            result[i] = TTest.Test(left[i], right[i]) ? 1 : 0;
        }
    }

    private static void TextEquality(
        bool equal, Operand<string> left, Operand<string> right, Span<long> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = string.Equals(left[i], right[i], StringComparison.Ordinal) == equal
                ? 1
                : 0;
        }
    }

    private static void Others(
        BinaryOperator operation, ColumnBuffer left, ColumnBuffer right, Span<long> result)
    {
        int leftMask = left.Count == 1 ? 0 : -1;
        int rightMask = right.Count == 1 ? 0 : -1;
        for (int i = 0; i < result.Length; i++)
        {
            if (!left.IsNull(i & leftMask) && !right.IsNull(i & rightMask))
            {
                int order = ValueOrder.Compare(left, i & leftMask, right, i & rightMask);
                result[i] = Holds(operation, order) ? 1 : 0;
            }
        }
    }

    private interface INumberTest
    {
        static abstract bool Test<T>(T left, T right)
            where T : unmanaged, INumber<T>;

        static abstract Vector<T> Test<T>(Vector<T> left, Vector<T> right)
            where T : unmanaged, INumber<T>;
    }

    private readonly struct EqualTest : INumberTest
    {
        public static bool Test<T>(T left, T right)
            where T : unmanaged, INumber<T> => NumberOrder.AreEqual(left, right);

        public static Vector<T> Test<T>(Vector<T> left, Vector<T> right)
            where T : unmanaged, INumber<T> => NumberOrder.AreEqual(left, right);
    }

    private readonly struct NotEqualTest : INumberTest
    {
        public static bool Test<T>(T left, T right)
            where T : unmanaged, INumber<T> => !NumberOrder.AreEqual(left, right);

        public static Vector<T> Test<T>(Vector<T> left, Vector<T> right)
            where T : unmanaged, INumber<T> => ~NumberOrder.AreEqual(left, right);
    }

    private readonly struct LessTest : INumberTest
    {
        public static bool Test<T>(T left, T right)
            where T : unmanaged, INumber<T> => NumberOrder.IsLess(left, right);

        public static Vector<T> Test<T>(Vector<T> left, Vector<T> right)
            where T : unmanaged, INumber<T> => NumberOrder.AreLess(left, right);
    }

    private readonly struct LessOrEqualTest : INumberTest
    {
        public static bool Test<T>(T left, T right)
            where T : unmanaged, INumber<T> => NumberOrder.IsLessOrEqual(left, right);

        public static Vector<T> Test<T>(Vector<T> left, Vector<T> right)
            where T : unmanaged, INumber<T> => NumberOrder.AreLessOrEqual(left, right);
    }
}
