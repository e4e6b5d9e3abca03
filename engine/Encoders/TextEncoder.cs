using NeuroDb.Neural;

namespace NeuroDb;

/// <summary>
/// The built-in text encoder: turns text into vectors for <c>similarity</c> without a trained
/// model. Words, identifier parts, word pairs and character n-grams are hashed and weighted by
/// their rarity in the texts it was fitted on, so texts that share rare words, or parts of words,
/// are near. It knows spelling, not meaning: synonyms are not near.
/// </summary>
/// <remarks>
/// Immutable and safe for use by many threads. Vectors compare only if they come from encoders
/// with equal state: keep <see cref="Save"/>'s bytes beside the vectors, for instance as a BLOB in
/// the same database. The same state and text give the same bits on every machine.
/// </remarks>
public sealed class TextEncoder
{
    private readonly HashingTextEncoder _encoder;

    private TextEncoder(HashingTextEncoder encoder) => _encoder = encoder;

    /// <summary>The dimension that is used where none is given.</summary>
    public static int DefaultDimension { get; } = new HashingTextEncoderOptions().Dimension;

    /// <summary>The length of the vectors.</summary>
    public int Dimension => _encoder.Dimension;

    /// <summary>How many texts the encoder was fitted on.</summary>
    public long TextCount => _encoder.TextCount;

    /// <summary>Learns from texts how rare each word and part of a word is.</summary>
    /// <param name="texts">The texts to search later, or a fair sample of them; read once.</param>
    /// <returns>An encoder with vectors of the default dimension.</returns>
    public static TextEncoder Fit(IEnumerable<string> texts) => Fit(texts, DefaultDimension);

    /// <summary>Learns from texts how rare each word and part of a word is.</summary>
    /// <param name="texts">The texts to search later, or a fair sample of them; read once.</param>
    /// <param name="dimension">
    /// The length of the vectors, from 16 to 65,536. More finds more exactly, as unrelated texts
    /// differ from 0 by about 1/sqrt(dimension), and costs space and time in proportion.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The fitted encoder.</returns>
    /// <exception cref="NeuroStoreException">The dimension is out of range.</exception>
    public static TextEncoder Fit(
        IEnumerable<string> texts,
        int dimension,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var options = new HashingTextEncoderOptions { Dimension = dimension };
        return new TextEncoder(HashingTextEncoder.Fit(texts, options, cancellationToken));
    }

    /// <summary>The encoder that <see cref="Save"/> gave the bytes of.</summary>
    /// <param name="state">The saved state.</param>
    /// <returns>An encoder that gives the same vectors.</returns>
    /// <exception cref="CorruptionException">The bytes are damaged or something else.</exception>
    /// <exception cref="NeuroStoreException">The state is of a newer version.</exception>
    public static TextEncoder Load(ReadOnlySpan<byte> state) =>
        new(HashingTextEncoder.Load(state));

    /// <summary>The whole state as bytes, about 64 KiB, for <see cref="Load"/>.</summary>
    /// <returns>The state, with a version and a checksum.</returns>
    public byte[] Save() => _encoder.Save();

    /// <summary>Encodes a text into a new array.</summary>
    /// <param name="text">The text.</param>
    /// <returns>
    /// The vector, of length 1; all 0 if the text has no letter or digit, and then it is near
    /// nothing.
    /// </returns>
    public float[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var vector = new float[Dimension];
        _encoder.Encode(text, vector);
        return vector;
    }

    /// <summary>Encodes a text into given memory, without allocation.</summary>
    /// <param name="text">The text.</param>
    /// <param name="vector">Receives <see cref="Dimension"/> values.</param>
    /// <returns>
    /// Whether the text has any letter or digit; otherwise the vector is all 0 and near nothing.
    /// </returns>
    /// <exception cref="NeuroStoreException">The memory has another length.</exception>
    public bool Encode(ReadOnlySpan<char> text, Span<float> vector) =>
        _encoder.Encode(text, vector);
}
