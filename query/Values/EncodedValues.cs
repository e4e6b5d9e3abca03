using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Holds what IMAGE and AUDIO columns promise: that each of their values can be decoded. Whatever
/// turns bytes into a value of such a type asks here.
/// </summary>
internal static class EncodedValues
{
    /// <summary>Raises a typed error for bytes that are not what the type asks for.</summary>
    public static void Check(ReadOnlySpan<byte> bytes, DataType type, SourcePosition position)
    {
        if (!type.IsEncoded)
        {
            return;
        }

        try
        {
            if (type.IsImage)
            {
                ImageDecoder.Verify(bytes);
            }
            else
            {
                AudioDecoder.Verify(bytes);
            }
        }
        catch (NeuroStoreException error) when (position.IsKnown)
        {
            throw new NeuroStoreException(error.Code, error.Message, position, error);
        }
    }
}
