namespace NeuroDb.Query;

/// <summary>REAL and DOUBLE PRECISION: finite numbers.</summary>
internal struct DoubleField : IFieldReader<double>
{
    /// <inheritdoc/>
    public readonly bool TryRead(ReadOnlySpan<byte> text, DataType type, out double value)
    {
        if (!NumberText.TryReadDouble(text, out value))
        {
            return false;
        }

        if (type.Kind == TypeKind.Real)
        {
            value = (float)value;
            return double.IsFinite(value);
        }

        return true;
    }
}
