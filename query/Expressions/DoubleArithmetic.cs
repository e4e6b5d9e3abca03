using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Loops of floating-point arithmetic. A result that is not a number, such as infinity minus
/// infinity, is NULL, so that every stored number has a place in the order.
/// </summary>
internal static class DoubleArithmetic
{
    /// <summary>
    /// Computes an operator over all rows; the result adds its NULLs to the mask.
    /// </summary>
    public static void Compute(
        BinaryOperator operation,
        Operand<double> left,
        Operand<double> right,
        double[] result,
        ref byte[]? nulls)
    {
        switch (operation)
        {
            case BinaryOperator.Add:
                Run<AddKernel>(left, right, result);
                break;
            case BinaryOperator.Subtract:
                Run<SubtractKernel>(left, right, result);
                break;
            case BinaryOperator.Multiply:
                Run<MultiplyKernel>(left, right, result);
                break;
            case BinaryOperator.Divide:
                Run<DivideKernel>(left, right, result);
                NullWhereZero(right, result.Length, ref nulls);
                break;
            default:
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] = left[i] % right[i];
                }

                break;
        }

        NullWhereNaN(result, ref nulls);
    }

    /// <summary>Marks results that are not a number as NULL.</summary>
    public static void NullWhereNaN(ReadOnlySpan<double> result, ref byte[]? nulls)
    {
        int i = 0;
        Vector<long> proper = Vector<long>.AllBitsSet;
        for (; i <= result.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var values = new Vector<double>(result[i..]);
            proper &= Vector.Equals(values, values);
        }

        bool any = proper != Vector<long>.AllBitsSet;
        for (; i < result.Length; i++)
        {
            any |= double.IsNaN(result[i]);
        }

        if (!any)
        {
            return;
        }

        nulls ??= new byte[result.Length];
        for (i = 0; i < result.Length; i++)
        {
            if (double.IsNaN(result[i]))
            {
                nulls[i] = 1;
            }
        }
    }

    private static void NullWhereZero(Operand<double> divisor, int count, ref byte[]? nulls)
    {
        if (divisor.IsScalar && divisor[0] != 0)
        {
            return;
        }

        for (int i = 0; i < count; i++)
        {
            if (divisor[i] == 0)
            {
                nulls ??= new byte[count];
                nulls[i] = 1;
            }
        }
    }

    private static void Run<TKernel>(
        Operand<double> left, Operand<double> right, double[] result)
        where TKernel : struct, IDoubleKernel
    {
        int i = 0;
        Vector<double> leftAll = new(left[0]);
        Vector<double> rightAll = new(right[0]);
        for (; i <= result.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> a = left.IsScalar ? leftAll : new Vector<double>(left.Values[i..]);
            Vector<double> b = right.IsScalar ? rightAll : new Vector<double>(right.Values[i..]);
            TKernel.Apply(a, b).CopyTo(result, i);
        }

        for (; i < result.Length; i++)
        {
            result[i] = TKernel.Apply(left[i], right[i]);
        }
    }

    private interface IDoubleKernel
    {
        static abstract double Apply(double left, double right);

        static abstract Vector<double> Apply(Vector<double> left, Vector<double> right);
    }

    private readonly struct AddKernel : IDoubleKernel
    {
        public static double Apply(double left, double right) => left + right;

        public static Vector<double> Apply(Vector<double> left, Vector<double> right) =>
            left + right;
    }

    private readonly struct SubtractKernel : IDoubleKernel
    {
        public static double Apply(double left, double right) => left - right;

        public static Vector<double> Apply(Vector<double> left, Vector<double> right) =>
            left - right;
    }

    private readonly struct MultiplyKernel : IDoubleKernel
    {
        public static double Apply(double left, double right) => left * right;

        public static Vector<double> Apply(Vector<double> left, Vector<double> right) =>
            left * right;
    }

    private readonly struct DivideKernel : IDoubleKernel
    {
        public static double Apply(double left, double right) => left / right;

        public static Vector<double> Apply(Vector<double> left, Vector<double> right) =>
            left / right;
    }
}
