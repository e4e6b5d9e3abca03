namespace NeuroDb.Query;

/// <summary>
/// The operators + - * / || on vectors, element by element. What is computed from HALFVECs is a
/// HALFVEC, from others a VECTOR: sums of signed bytes do not fit signed bytes.
/// </summary>
internal static class VectorArithmetic
{
    /// <summary>+ - * of two vectors, * and / of a vector and a number.</summary>
    public static Expression Bind(FunctionCall call)
    {
        bool leftIsNumber = call.TypeOf(0).IsNumeric;
        bool rightIsNumber = call.TypeOf(1).IsNumeric;
        if (call.Name == "*" && (leftIsNumber || rightIsNumber))
        {
            int vector = leftIsNumber ? 1 : 0;
            Expression scaled = call.Make(
                call.Vector(vector).Type,
                RowLoops.Of<ReadOnlyMemory<float>, double, ReadOnlyMemory<float>>(Scale),
                [call.Vector(vector), call.Double(1 - vector)]);
            return Narrow(
                scaled, VectorFunctions.ComputedType(call.TypeOf(vector)), call.Position);
        }

        if (call.Name == "/" && (rightIsNumber || call.TypeOf(1).Kind == TypeKind.Null))
        {
            return Narrow(
                Quotient(call), VectorFunctions.ComputedType(call.TypeOf(0)), call.Position);
        }

        int dimension = Math.Max(LengthOf(call.TypeOf(0)), LengthOf(call.TypeOf(1)));
        Expression left = VectorDistance.ToVector(call.Arguments[0], dimension, call.Position);
        Expression right = VectorDistance.ToVector(call.Arguments[1], dimension, call.Position);
        OperatorFactory.CheckDimensions(left.Type, right.Type, call.Position);
        Func<float, float, double> element = call.Name switch
        {
            "+" => (a, b) => (double)a + b,
            "-" => (a, b) => (double)a - b,
            "*" => (a, b) => (double)a * b,
            _ => throw call.Mismatch(0, "a number"),
        };
        Expression combined = call.Make(
            DataType.VectorOf(dimension),
            RowLoops.Of<ReadOnlyMemory<float>, ReadOnlyMemory<float>, ReadOnlyMemory<float>>(
                (a, b) => Combine(a.Span, b.Span, element)),
            [left, right]);
        bool isHalf = IsHalfOrText(call, 0) && IsHalfOrText(call, 1);
        return isHalf
            ? Narrow(combined, DataType.HalfVectorOf(dimension), call.Position)
            : combined;
    }

    /// <summary>The elements of one vector after those of another.</summary>
    public static Expression Concatenation(FunctionCall call)
    {
        DataType left = call.TypeOf(0);
        DataType right = call.TypeOf(1);
        int dimension = left.Length == 0 || right.Length == 0 ? 0 : left.Length + right.Length;
        VectorText.CheckDimension(Math.Max(dimension, 1), 0, call.Position);
        if (left.Kind == right.Kind && left.Kind != TypeKind.Vector)
        {
            TypeKind kind = left.Kind;
            return call.Make(
                DataType.VectorOf(kind, dimension),
                RowLoops.Of<CompactVector, CompactVector, CompactVector>(
                    (a, b) => CompactVectors.Concatenate(kind, a, b)),
                call.Arguments);
        }

        return call.Make(
            DataType.VectorOf(dimension),
            RowLoops.Of<ReadOnlyMemory<float>, ReadOnlyMemory<float>, ReadOnlyMemory<float>>(
                Concatenate),
            [call.Vector(0), call.Vector(1)]);
    }

    /// <summary>A computed VECTOR as the type that is given back.</summary>
    public static Expression Narrow(
        Expression computed, DataType type, SourcePosition position) => computed.Type == type
            ? computed
            : new CastExpression(computed, type, CastKind.Explicit, position);

    /// <summary>The vector over its length; a zero vector stays, as in pgvector.</summary>
    public static ReadOnlyMemory<float> Normalize(ReadOnlyMemory<float> vector)
    {
        double norm = NormOf(vector.Span);
        return norm == 0 ? vector : Scale(vector, 1 / norm);
    }

    /// <summary>The Euclidean length, summed in 64 bits as in pgvector.</summary>
    public static double NormOf(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (float element in vector)
        {
            sum += (double)element * element;
        }

        return Math.Sqrt(sum);
    }

    // As of numbers, what is divided by zero is NULL.
    private static Expression Quotient(FunctionCall call)
    {
        Expression zero = new ConstantExpression(Value.Of(0.0), DataType.Double);
        Expression divisor = Coercion.To(
            ExpressionFactory.Call("nullif", [call.Double(1), zero], call.Position),
            DataType.Double,
            call.Position);
        return call.Make(
            call.Vector(0).Type,
            RowLoops.Of<ReadOnlyMemory<float>, double, ReadOnlyMemory<float>>(
                static (vector, number) => Scale(vector, 1 / number)),
            [call.Vector(0), divisor]);
    }

    private static bool IsHalfOrText(FunctionCall call, int ordinal) =>
        call.TypeOf(ordinal).Kind == TypeKind.HalfVector
        || !call.TypeOf(ordinal).IsVector;

    private static int LengthOf(DataType type) => type.IsVector ? type.Length : 0;

    private static ReadOnlyMemory<float> Concatenate(
        ReadOnlyMemory<float> left, ReadOnlyMemory<float> right)
    {
        VectorText.CheckDimension(left.Length + right.Length, 0, default);
        return (float[])[.. left.Span, .. right.Span];
    }

    private static ReadOnlyMemory<float> Scale(ReadOnlyMemory<float> vector, double factor)
    {
        var scaled = new float[vector.Length];
        ReadOnlySpan<float> elements = vector.Span;
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = VectorFunctions.Finite(elements[i] * factor);
        }

        return scaled;
    }

    private static ReadOnlyMemory<float> Combine(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, Func<float, float, double> element)
    {
        VectorText.CheckDimension(right.Length, left.Length, default);
        var combined = new float[left.Length];
        for (int i = 0; i < combined.Length; i++)
        {
            combined[i] = VectorFunctions.Finite(element(left[i], right[i]));
        }

        return combined;
    }
}
