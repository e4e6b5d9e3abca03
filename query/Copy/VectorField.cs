namespace NeuroDb.Query;

/// <summary>VECTOR: finite numbers between brackets and commas, without blanks around.</summary>
internal struct VectorField : IFieldReader<ReadOnlyMemory<float>>
{
    /// <inheritdoc/>
    public readonly bool TryRead(
        ReadOnlySpan<byte> text, DataType type, out ReadOnlyMemory<float> value)
    {
        value = default;
        if (text.Length < 3 || text[0] != '[' || text[^1] != ']')
        {
            return false;
        }

        text = text[1..^1];
        int count = text.Count((byte)',') + 1;
        if (count > Limits.VectorDimensionMax || (type.Length != 0 && count != type.Length))
        {
            return false;
        }

        var elements = new float[count];
        for (int i = 0; i < count; i++)
        {
            int comma = text.IndexOf((byte)',');
            ReadOnlySpan<byte> element = comma < 0 ? text : text[..comma];
            if (!NumberText.TryReadSingle(element, out elements[i]))
            {
                return false;
            }

            text = text[(comma + 1)..];
        }

        value = elements;
        return true;
    }
}
