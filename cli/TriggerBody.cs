namespace NeuroDb.Cli;

/// <summary>
/// Where a statement stands between BEGIN and END of CREATE TRIGGER, told by its words.
/// </summary>
internal sealed class TriggerBody
{
    // CREATE OR REPLACE TEMPORARY TRIGGER: the word is among the first.
    private const int FirstWords = 5;

    private int _words;
    private bool _isCreate;
    private bool _isTrigger;
    private int _depth;

    /// <summary>Whether a semicolon here ends a statement of the trigger only.</summary>
    public bool IsOpen => _depth > 0;

    /// <summary>Takes the next word of the statement.</summary>
    public void Take(string word)
    {
        _words++;
        switch (word.ToUpperInvariant())
        {
            case "CREATE" when _words == 1:
                _isCreate = true;
                break;
            case "TRIGGER" when _isCreate && _words <= FirstWords:
                _isTrigger = true;
                break;
            case "BEGIN" when _isTrigger && _depth == 0:
            case "CASE" when _depth > 0:
                _depth++;
                break;
            case "END" when _depth > 0:
                _depth--;
                _isTrigger &= _depth > 0;
                break;
        }
    }
}
