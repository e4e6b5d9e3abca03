namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// Turns members into vectors: the weighted sum of the vectors of the member's name, its type's
/// name, its summary and its type's summary. Each of them is of length 1, so that a long summary
/// does not outweigh a name.
/// </summary>
internal sealed class MemberEncoder
{
    private const float NameWeight = 0.6f;
    private const float TypeNameWeight = 0.8f;
    private const float SummaryWeight = 1;
    private const float TypeSummaryWeight = 0.3f;

    private readonly TextEncoder _encoder;
    private readonly Dictionary<string, string> _typeSummaries;
    private readonly Dictionary<string, float[]> _typeVectors = new(StringComparer.Ordinal);
    private readonly float[] _part;

    /// <summary>Prepares for members, among them their types.</summary>
    public MemberEncoder(TextEncoder encoder, IEnumerable<ApiMember> members)
    {
        _encoder = encoder;
        _part = new float[encoder.Dimension];
        _typeSummaries = members
            .Where(member => member.Name.Kind == 'T')
            .ToDictionary(member => member.Name.TypePath, member => member.Summary);
    }

    /// <summary>Learns which words are rare among these members.</summary>
    public static TextEncoder Fit(IEnumerable<ApiMember> members) => TextEncoder.Fit(
        members.Select(m => $"{m.Name.Type} {m.Name.Member}. {m.Summary}"));

    /// <summary>The vector of a member, of length 1.</summary>
    public float[] Encode(ApiMember member)
    {
        MemberName name = member.Name;
        var vector = new float[_encoder.Dimension];
        if (name.Kind != 'T')
        {
            TypeVector(name).CopyTo(vector, 0);
        }

        Add(name.Member.Length == 0 ? name.Type : name.Member, NameWeight, vector);
        Add(member.Summary, SummaryWeight, vector);
        float scale = 1 / MathF.Sqrt(vector.Sum(value => value * value));
        Scale(vector, scale);
        return vector;
    }

    // What all members of a type share. A constructor already has the type's name as its own.
    private float[] TypeVector(MemberName name)
    {
        bool isConstructor = name.Member.Length == 0;
        string key = isConstructor ? name.TypePath + ".#ctor" : name.TypePath;
        if (!_typeVectors.TryGetValue(key, out float[]? vector))
        {
            vector = new float[_encoder.Dimension];
            Add(isConstructor ? "" : name.Type, TypeNameWeight, vector);
            Add(_typeSummaries.GetValueOrDefault(name.TypePath, ""), TypeSummaryWeight, vector);
            _typeVectors.Add(key, vector);
        }

        return vector;
    }

    private void Add(string text, float weight, float[] vector)
    {
        _encoder.Encode(text, _part);
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] += weight * _part[i];
        }
    }

    private static void Scale(float[] vector, float scale)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] *= scale;
        }
    }
}
