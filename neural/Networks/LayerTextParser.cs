using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Reads a list of layers: <c>conv(32, 3), relu, maxpool(2), flatten, dense(10)</c>. Arguments are
/// numbers, words, <c>name=value</c>, or layers.
/// </summary>
internal ref struct LayerTextParser
{
    private const int DepthMax = 16;
    private const int LayersMax = 1024;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _count;

    private LayerTextParser(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The layers of a list.</summary>
    public static IReadOnlyList<LayerSpec> Parse(ReadOnlySpan<char> text)
    {
        var parser = new LayerTextParser(text);
        var layers = new List<LayerSpec>();
        do
        {
            layers.Add(parser.ParseLayer(0));
        }
        while (parser.Takes(','));
        if (parser._at < text.Length)
        {
            throw parser.Error("a comma or the end");
        }

        return layers;
    }

    private LayerSpec ParseLayer(int depth)
    {
        SkipBlanks();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        if (start == _at || char.IsAsciiDigit(_text[start]))
        {
            throw Error("the name of a layer");
        }

        if (depth > DepthMax || ++_count > LayersMax)
        {
            throw NeuralErrors.InvalidModel(
                $"A list of layers may have {LayersMax} layers, nested {DepthMax} deep.");
        }

        string name = _text[start.._at].ToString().ToLowerInvariant();
        var arguments = new List<LayerArgument>();
        if (Takes('(') && !Takes(')'))
        {
            do
            {
                arguments.Add(ParseArgument(depth));
            }
            while (Takes(','));
            if (!Takes(')'))
            {
                throw Error("a closing parenthesis");
            }
        }

        return new LayerSpec(name, arguments);
    }

    private LayerArgument ParseArgument(int depth)
    {
        if (TryNumber(out double number))
        {
            return new LayerArgument(null, number, null);
        }

        LayerSpec part = ParseLayer(depth + 1);
        if (part.Arguments.Count > 0 || !Takes('='))
        {
            return new LayerArgument(null, null, part);
        }

        return TryNumber(out number)
            ? new LayerArgument(part.Name, number, null)
            : new LayerArgument(part.Name, null, ParseLayer(depth + 1));
    }

    private bool TryNumber(out double number)
    {
        SkipBlanks();
        int end = _at;
        while (end < _text.Length && (char.IsAsciiDigit(_text[end]) || _text[end] is '.' or '-'
            || (end > _at && _text[end] is 'e' or 'E')))
        {
            end++;
        }

        bool isNumber = double.TryParse(
            _text[_at..end], NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        _at = isNumber ? end : _at;
        return isNumber;
    }

    private bool Takes(char expected)
    {
        SkipBlanks();
        bool isThere = _at < _text.Length && _text[_at] == expected;
        _at += isThere ? 1 : 0;
        SkipBlanks();
        return isThere;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private readonly NeuroStoreException Error(string expected) => NeuralErrors.InvalidModel(
        $"The list of layers does not read at character {_at + 1}: {expected} is expected.");
}
