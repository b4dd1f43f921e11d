//! The kinds of problems of a file, with their texts.

use serde::Serialize;

/// The severity of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Something was taken for granted that the reader of the file should know.
    Note,
    /// The row is understood, and somebody should look at it.
    Warning,
    /// The row is not understood, and not among the rows.
    Error,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $name:literal, $severity:ident, $what:literal, $next:literal;)*) => {
        /// The kinds of problems.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub enum ProblemKind {
            $($(#[doc = $doc])* $kind,)*
        }

        impl ProblemKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Its name, for programs.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// The severity.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$kind => Severity::$severity,)* }
            }

            /// The message.
            #[must_use]
            pub fn what(self) -> &'static str {
                match self { $(Self::$kind => $what,)* }
            }

            /// The next step.
            #[must_use]
            pub fn next_step(self) -> &'static str {
                match self { $(Self::$kind => $next,)* }
            }
        }
    };
}

kinds! {
    /// There is no action column; the rows are assignments.
    ActionAssumed = "actionAssumed", Note,
        "there is no action column; rows with a number and a user are read as `assign`",
        "Add a column `action` for other changes";
    /// Two columns with one meaning, which have to agree.
    SameMeaning = "sameMeaning", Note,
        "two columns have the same meaning, so their values must agree in every row",
        "No action needed, or remove one of the two";
    /// A text with an apostrophe, a tab or a formula around it.
    GuardedText = "guardedText", Note,
        "the text has an apostrophe, a tab or a formula around it, which was removed",
        "No action needed, or write only the text";
    /// Rows above the header.
    SkippedRows = "skippedRows", Note,
        "rows above the header were skipped",
        "No action needed if they only have a title or instructions";
    /// A row that counts or adds up others.
    TotalRow = "totalRow", Note,
        "the row begins like a total and names neither a user nor a number, so it was skipped",
        "No action needed, or correct its first cell";
    /// The header once more.
    RepeatedHeader = "repeatedHeader", Note,
        "the row repeats the header and was skipped",
        "No action needed";
    /// One row for each person, with a column for each phone.
    PhonesAssumed = "phonesAssumed", Note,
        "each row names a user and their phones, so each phone is read as `setPhone`; an empty cell changes nothing",
        "Add a column `action` for other changes";
    /// A number that is stored as a number, and read as one of the country.
    NumberCell = "numberCell", Note,
        "the cell holds a number instead of text, which is read as a number of the country that is set",
        "No action needed, or format the column as text";
    /// A suggested number that was accepted.
    SuggestedNumber = "suggestedNumber", Note,
        "the digits are read as the number of the tenant that has them",
        "Check that each of these numbers is meant";
    /// The value of merged cells is read for each row that they cover.
    MergedValue = "mergedValue", Note,
        "the value of merged cells is read for each of their rows",
        "Check that every one of these rows should have it";
    /// Hidden rows were read, or left out, as was chosen.
    HiddenRows = "hiddenRows", Note,
        "rows of the sheet are hidden, by hand or by a filter",
        "Check that this is what you want; --hidden include reads them, --hidden skip leaves them out";
    /// A hidden column was read, or left out, as was chosen.
    HiddenColumn = "hiddenColumn", Note,
        "a column of the sheet is hidden, and filled",
        "Check that this is what you want; --hidden include reads it, --hidden skip leaves it out";
    /// Sheets with something else than rows.
    OtherSheets = "otherSheets", Note,
        "the workbook has other sheets, which were not read",
        "No action needed if they have no rows; --sheet NAME reads another sheet (Python: sheet=\"NAME\", Node: sheet: \"NAME\")";
    /// Sheets with rows that were not read.
    UnreadSheet = "unreadSheet", Warning,
        "the workbook has other sheets with rows, which were not read",
        "Plan each of them by its name: --sheet NAME (Python: sheet=\"NAME\", Node: sheet: \"NAME\")";
    /// A row that is filled in columns that are not read, and nowhere else.
    UnreadRow = "unreadRow", Warning,
        "the row only has values in columns that are ignored",
        "Check whether to rename a heading, or ignore this";
    /// A column that is not read.
    UnknownColumn = "unknownColumn", Warning,
        "the column is not recognized and is ignored",
        "Ignore this, or say what it is, such as --column user=Mail (Python: columns={\"user\": \"Mail\"}, Node: columns: {user: \"Mail\"})";
    /// A filled cell that the row's action does not look at.
    UnusedCell = "unusedCell", Warning,
        "the action of this row does not use this column",
        "Empty the cell, or change the action";
    /// A number with no-break spaces.
    NoBreakSpace = "noBreakSpace", Warning,
        "the number has no-break spaces, which were removed",
        "No action needed, or write the number without them";
    /// Both ways to write numbers in one column.
    MixedGrammars = "mixedGrammars", Warning,
        "numbers are written in more than one way",
        "Check these numbers, and write all numbers of a column in the same way";
    /// A mobile number with an extension.
    MobileExtension = "mobileExtension", Warning,
        "an extension makes sense for `office` only",
        "Leave the extension out, or use the role `office`";
    /// A row that says what an earlier one says.
    SameRowTwice = "sameRowTwice", Warning,
        "the row repeats an earlier row and is ignored",
        "Remove one of the two, or correct it if they should differ";
    /// Two columns or keys with one meaning that do not hold the same.
    DuplicateColumn = "duplicateColumn", Error,
        "two columns with the same meaning have different values, or a line of JSON has a key twice",
        "Name the heading to be read, such as --column user=UPN (Python: columns={\"user\": \"UPN\"}, Node: columns: {user: \"UPN\"}), or keep one of the two";
    /// The row has no action.
    MissingAction = "missingAction", Error,
        "the row has no action",
        "Write one of assign, move, unassign, setLocation, setPhone, removePhone, smsSignIn, setPolicy, clearPolicy";
    /// The action is none of ours.
    UnknownAction = "unknownAction", Error,
        "there is no such action",
        "Write one of assign, move, unassign, setLocation, setPhone, removePhone, smsSignIn, setPolicy, clearPolicy";
    /// A cell that the action needs is empty.
    EmptyCell = "emptyCell", Error,
        "the cell is empty, but the action of this row needs it",
        "Fill it in. An empty cell takes nothing away: the actions unassign and removePhone do";
    /// A word that the column does not know.
    UnknownWord = "unknownWord", Error,
        "the value is not valid in this column",
        "Use one of the values that the documentation lists for this column";
    /// `1.20656E+10`.
    ScientificNumber = "scientificNumber", Error,
        "a spreadsheet has turned the number into scientific notation, so its plus and its last digits are lost",
        "Take the number from its source again, and format the column as text before pasting";
    /// A cell of a workbook, or a value of JSON, that is a number.
    StoredAsNumber = "storedAsNumber", Error,
        "the cell holds a number instead of text, so its plus is lost, and leading zeros or digits may be too",
        "Format the column as text and write the number with its plus (JSON: in quotation marks), or name the country of the numbers, such as --country US (Python: country=\"US\", Node: country: \"US\")";
    /// A number that its format shows with a plus.
    PlusByFormat = "plusByFormat", Error,
        "the cell holds a number; only the format of the cell shows a plus",
        "Format the column as text and write the number with its plus";
    /// Merged cells of which nobody can tell what they mean for the row.
    MergedCells = "mergedCells", Error,
        "the cell is one of several merged cells, so its value is not certain",
        "Unmerge the cells, and write the value into each row that should have it";
    /// No plus, and no country to say what the digits mean.
    NoPlus = "noPlus", Error,
        "the number has no plus, so its country is not known",
        "Write it as +12065550100, or add --country US (Python: country=\"US\", Node: country: \"US\")";
    /// `00` in front.
    InternationalPrefix = "internationalPrefix", Error,
        "the number begins with an international prefix instead of a plus",
        "Write a plus and the country code";
    /// `0` in front, without a country.
    NationalNumber = "nationalNumber", Error,
        "the number begins with 0, as national numbers do, and no country is set",
        "Write it with a plus and its country code, or add --country GB (Python: country=\"GB\", Node: country: \"GB\")";
    /// `+44 (0)20 …`, `+44 020 …`.
    TrunkDigit = "trunkDigit", Error,
        "the number has a digit after its country code that is dialled within the country only",
        "Write it without that digit: +44 7700 900125, not +44 (0)7700 900125";
    /// `42` as a number, which may have been `0042`.
    ExtensionAsNumber = "extensionAsNumber", Error,
        "the extension is stored as a number, so zeros in front of it may be lost: 0042 may be meant",
        "Format the column as text and write the extension again (JSON: in quotation marks)";
    /// The number has another extension than the column.
    OtherExtension = "otherExtension", Error,
        "the number and the extension column have different extensions",
        "Write the extension in only one of them";
    /// An extension, and no number.
    ExtensionAlone = "extensionAlone", Error,
        "the row has an extension but no number",
        "Write the number, or empty the extension";
    /// Digits of another script, or full-width ones.
    OtherDigits = "otherDigits", Error,
        "the number has digits other than 0 to 9, for instance full-width ones",
        "Type it with the digits 0 to 9";
    /// Stars where digits should be.
    MaskedNumber = "maskedNumber", Error,
        "the number is masked",
        "Take it from a report that was written without masking";
    /// Any other text that is no number.
    BadNumber = "badNumber", Error,
        "this is not a telephone number",
        "Write it as +12065550100, with an extension as +12065550100;ext=12";
    /// Neither a principal name nor an id.
    BadUser = "badUser", Error,
        "this is neither a user principal name nor an object id",
        "Write it as ana@contoso.example, or write the object id of the user";
    /// No id of a location.
    BadLocation = "badLocation", Error,
        "this is not the id of a location",
        "Write the id of the emergency location, or `none` to remove the location; for names, add --locations FILE (Python: locations=\"FILE\", Node: locations: \"FILE\")";
    /// A name that no location has.
    UnknownLocation = "unknownLocation", Error,
        "no emergency location has this name",
        "Write a name of the file of locations, or the id of the location";
    /// A name that several locations have.
    AmbiguousLocation = "ambiguousLocation", Error,
        "several emergency locations have this name",
        "Write the id of the one that is meant, or add a row of your own with its name and id to the file of locations";
    /// `none` as the location of an assignment.
    LocationOfAssignment = "locationOfAssignment", Error,
        "an assignment cannot remove the location",
        "Leave the cell empty, which keeps the location, or add a row with the action setLocation";
    /// Control characters, line breaks, invisible or direction marks.
    ControlCharacter = "controlCharacter", Error,
        "the cell has invisible characters, such as line breaks, tabs or direction marks",
        "Type the value again instead of pasting it";
    /// Unusual spaces in a cell that is not a number.
    OddSpace = "oddSpace", Error,
        "the cell has a no-break or other unusual space",
        "Type the value again instead of pasting it";
    /// Not UTF-8.
    NotText = "notText", Error,
        "the cell is not valid in the encoding of the file",
        "Save the file as CSV UTF-8";
    /// Too long to be what the column holds.
    TooLong = "tooLong", Error,
        "the value is too long for this column",
        "Check whether a quotation mark or a separator is missing";
    /// `=…`.
    Formula = "formula", Error,
        "the cell is a formula",
        "Replace it with its value: copy the column and paste values only";
    /// A date, an error, a list: anything but text.
    WrongKind = "wrongKind", Error,
        "the cell holds a date, an error or something else that is not text",
        "Format the column as text and write the value again";
    /// More cells than the header.
    ExtraCells = "extraCells", Error,
        "the row has more cells than the header",
        "Put values that contain the separator into quotation marks";
    /// `+12065550100;ext=12` in a file whose separator is a semicolon.
    SplitExtension = "splitExtension", Error,
        "the separator of the file has cut the extension off the number",
        "Put the number into quotation marks, or write the extension as x12";
    /// A quotation mark without its pair.
    Quotation = "quotation", Error,
        "a quotation mark is not closed, or something follows the closing one, so rows may have run together",
        "Close it; a quotation mark within a value is written twice";
    /// A line of JSONL that is not an object.
    BadJson = "badJson", Error,
        "the line is not a JSON object",
        "Write one object a line, such as {\"number\": \"+12065550100\", \"user\": \"ana@contoso.example\"}";
    /// One number, two fates.
    NumberTwice = "numberTwice", Error,
        "an earlier row makes another change to the same number",
        "Keep one of the two; to assign a number to another user, one row with the action `move` is enough";
    /// Two locations for one number.
    LocationTwice = "locationTwice", Error,
        "an earlier row sets another location for the same number",
        "Keep one of the two";
    /// Two primary numbers for one user.
    UserTwice = "userTwice", Error,
        "an earlier row assigns another primary number to the same user",
        "Keep one of the two, or change the category of one";
    /// Two wishes for one phone method.
    PhoneTwice = "phoneTwice", Error,
        "an earlier row makes another change to the same phone method of the same user",
        "Keep one of the two";
    /// On and off.
    SignInTwice = "signInTwice", Error,
        "an earlier row sets the opposite for the same user",
        "Keep one of the two";
    /// Two policies of one kind.
    PolicyTwice = "policyTwice", Error,
        "an earlier row sets another policy of the same type for the same user",
        "Keep one of the two";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names_of_their_own() {
        let mut names: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemKind::ALL.len());
        for kind in ProblemKind::ALL {
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("{:?}", kind.name()));
        }
    }
}
