<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AddCameraDialog</name>
    <message>
        <source>Add a camera</source>
        <translation>Kamera hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Add {}</source>
        <translation>{} &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Webcam</source>
        <translation>Webcam</translation>
    </message>
    <message>
        <source>Network camera</source>
        <translation>Netzwerkkamera</translation>
    </message>
    <message>
        <source>File or folder</source>
        <translation>Datei oder Ordner</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Bildschirm</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>Kind of camera</source>
        <translation>Art der Kamera</translation>
    </message>
    <message>
        <source>Optional</source>
        <translation>Optional</translation>
    </message>
    <message>
        <source>Name of the camera</source>
        <translation>Name der Kamera</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
</context>
<context>
    <name>AddressDialog</name>
    <message>
        <source>Model on a server, or in Python</source>
        <translation>Modell auf einem Server oder in Python</translation>
    </message>
    <message>
        <source>Address of the model</source>
        <translation>Adresse des Modells</translation>
    </message>
    <message>
        <source>Also kserve+http://…, deepstack+http://…, torchserve+http://…, huggingface+https://…, json+http://…; or package.module:factory for a model in Python, whose code is then run.</source>
        <translation>Auch kserve+http://…, deepstack+http://…, torchserve+http://…, huggingface+https://…, json+http://…; oder paket.modul:funktion für ein Modell in Python, dessen Code dann läuft.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Design</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Figures on tiles</source>
        <translation>Messwerte auf Kacheln</translation>
    </message>
    <message>
        <source>One line</source>
        <translation>Eine Zeile</translation>
    </message>
    <message>
        <source>With curves</source>
        <translation>Mit Kurven</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Windows that are open speak it after a restart.</source>
        <translation>Geöffnete Fenster übernehmen sie nach einem Neustart.</translation>
    </message>
    <message>
        <source>Frames a second and their age, for cameras that say nothing else.</source>
        <translation>Bilder pro Sekunde und ihr Alter, für Kameras ohne eigene Einstellung.</translation>
    </message>
</context>
<context>
    <name>Arranging</name>
    <message>
        <source>Layout {0} saved: Ctrl+{0} brings it back</source>
        <translation>Anordnung {0} gespeichert: Strg+{0} holt sie zurück</translation>
    </message>
    <message>
        <source>There is no layout {0} yet: Ctrl+Shift+{0} saves one</source>
        <translation>Noch gibt es keine Anordnung {0}: Strg+Umschalt+{0} speichert eine</translation>
    </message>
    <message>
        <source>Save workspace as</source>
        <translation>Arbeitsbereich speichern unter</translation>
    </message>
    <message>
        <source>Workspaces (*.toml)</source>
        <translation>Arbeitsbereiche (*.toml)</translation>
    </message>
    <message>
        <source>Saved {}</source>
        <translation>{} gespeichert</translation>
    </message>
</context>
<context>
    <name>Badges</name>
    <message>
        <source>Show the live picture again</source>
        <translation>Wieder das Livebild zeigen</translation>
    </message>
    <message>
        <source>Show the whole picture again</source>
        <translation>Wieder das ganze Bild zeigen</translation>
    </message>
    <message>
        <source>Boxes come too late to wait for. Press for another timing</source>
        <translation>Die Rahmen kommen zu spät, um auf sie zu warten. Drücken für eine andere Zeitsteuerung</translation>
    </message>
</context>
<context>
    <name>CameraCommands</name>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Schnappschuss</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeitsteuerung</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>FPS monitor</source>
        <translation>FPS-Anzeige</translation>
    </message>
    <message>
        <source>Rename {}</source>
        <translation>{} umbenennen</translation>
    </message>
    <message>
        <source>Duplicate {}</source>
        <translation>{} duplizieren</translation>
    </message>
    <message>
        <source>Remove {}</source>
        <translation>{} entfernen</translation>
    </message>
    <message>
        <source>{} was removed</source>
        <translation>{} wurde entfernt</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Add {}</source>
        <translation>{} hinzufügen</translation>
    </message>
    <message>
        <source>Saved {}</source>
        <translation>{} gespeichert</translation>
    </message>
</context>
<context>
    <name>CameraGrid</name>
    <message>
        <source>Cameras</source>
        <translation>Kameras</translation>
    </message>
</context>
<context>
    <name>CameraPanel</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Detections</source>
        <translation>Erkennungen</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeitsteuerung</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Choose a camera to see and change what is set for it.</source>
        <translation>Eine Kamera auswählen, um ihre Einstellungen zu sehen und zu ändern.</translation>
    </message>
</context>
<context>
    <name>CameraTile</name>
    <message>
        <source>boxes come too late</source>
        <translation>Rahmen kommen zu spät</translation>
    </message>
</context>
<context>
    <name>CamerasPage</name>
    <message>
        <source>Cameras</source>
        <translation>Kameras</translation>
    </message>
    <message>
        <source>Seconds until a lost camera is told</source>
        <translation>Sekunden, bis eine verlorene Kamera gemeldet wird</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>Seconds that a page is shown</source>
        <translation>Sekunden, die eine Seite gezeigt wird</translation>
    </message>
    <message>
        <source>such as: person, face, license plate</source>
        <translation>zum Beispiel: person, face, license plate</translation>
    </message>
    <message>
        <source>Classes that are hidden</source>
        <translation>Klassen, die verborgen werden</translation>
    </message>
    <message>
        <source>How they are hidden</source>
        <translation>Wie sie verborgen werden</translation>
    </message>
    <message>
        <source>Blurred</source>
        <translation>Unscharf</translation>
    </message>
    <message>
        <source>Pixelated</source>
        <translation>Verpixelt</translation>
    </message>
    <message>
        <source>Tell of lost cameras after</source>
        <translation>Verlorene Kameras melden nach</translation>
    </message>
    <message>
        <source>The desktop says once that a camera is lost, and when it is back.</source>
        <translation>Der Desktop meldet einmal, dass eine Kamera verloren ist, und wenn sie wieder da ist.</translation>
    </message>
    <message>
        <source>Show a page for</source>
        <translation>Eine Seite zeigen für</translation>
    </message>
    <message>
        <source>While pages of cameras change by themselves.</source>
        <translation>Wenn Kameraseiten von selbst wechseln.</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>Names of classes, with commas between them. A camera may say something else.</source>
        <translation>Namen von Klassen, durch Kommas getrennt. Für eine Kamera kann etwas anderes eingestellt sein.</translation>
    </message>
</context>
<context>
    <name>ClassList</name>
    <message>
        <source>Search classes</source>
        <translation>Klassen suchen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Tick all classes</source>
        <translation>Alle Klassen ankreuzen</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Tick no class</source>
        <translation>Keine Klasse ankreuzen</translation>
    </message>
    <message>
        <source>Which classes there are is known once the model runs.</source>
        <translation>Welche Klassen es gibt, ist bekannt, sobald das Modell läuft.</translation>
    </message>
</context>
<context>
    <name>ClassModel</name>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>Mindestens</translation>
    </message>
    <message>
        <source>without a name</source>
        <translation>ohne Namen</translation>
    </message>
    <message>
        <source>seen</source>
        <translation>gesehen</translation>
    </message>
    <message>
        <source>Least confidence of this class; – goes by the slider</source>
        <translation>Mindestkonfidenz dieser Klasse; – folgt dem Regler</translation>
    </message>
    <message>
        <source>{name}: confidence as usual</source>
        <translation>{name}: Konfidenz wie üblich</translation>
    </message>
    <message>
        <source>{name}: at least {percent} %</source>
        <translation>{name}: mindestens {percent} %</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>One picture back</source>
        <translation>Ein Bild zurück</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>One picture on</source>
        <translation>Ein Bild weiter</translation>
    </message>
    <message>
        <source>The section begins here</source>
        <translation>Hier beginnt der Ausschnitt</translation>
    </message>
    <message>
        <source>The section ends here</source>
        <translation>Hier endet der Ausschnitt</translation>
    </message>
    <message>
        <source>Export the section…</source>
        <translation>Ausschnitt exportieren…</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Speed ([ and ])</source>
        <translation>Geschwindigkeit ([ und ])</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>CountChips</name>
    <message>
        <source>{count} more</source>
        <translation>{count} weitere</translation>
    </message>
    <message>
        <source>Nothing in the picture</source>
        <translation>Nichts im Bild</translation>
    </message>
</context>
<context>
    <name>DemoPage</name>
    <message>
        <source>Number of the street</source>
        <translation>Nummer der Straße</translation>
    </message>
    <message>
        <source>&amp;Street number</source>
        <translation>&amp;Straßennummer</translation>
    </message>
    <message>
        <source>A drawn street with cars and people: nothing else is needed. Each number gives another street, and always the same one.</source>
        <translation>Eine gezeichnete Straße mit Autos und Menschen: Mehr wird nicht gebraucht. Jede Nummer ergibt eine andere Straße, und immer dieselbe.</translation>
    </message>
</context>
<context>
    <name>DetectionPart</name>
    <message>
        <source>Least confidence</source>
        <translation>Mindestkonfidenz</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n Klasse</numerusform>
            <numerusform>%n Klassen</numerusform>
        </translation>
    </message>
    <message>
        <source>Confidence of {name}</source>
        <translation>Konfidenz von {name}</translation>
    </message>
</context>
<context>
    <name>DetectionsPanel</name>
    <message>
        <source>Least confidence</source>
        <translation>Mindestkonfidenz</translation>
    </message>
    <message>
        <source>Model not known</source>
        <translation>Modell nicht bekannt</translation>
    </message>
    <message>
        <source>Recorded from {floor:.0f} % on: there is nothing below.</source>
        <translation>Ab {floor:.0f} % aufgenommen: Darunter gibt es nichts.</translation>
    </message>
    <message>
        <source>without a name</source>
        <translation>ohne Namen</translation>
    </message>
    <message>
        <source>Detections</source>
        <translation>Erkennungen</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
</context>
<context>
    <name>DetectionsView</name>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search in recent detections</source>
        <translation>In den letzten Erkennungen suchen</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Let the list stand still; counting goes on</source>
        <translation>Die Liste anhalten; gezählt wird weiter</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Forget all that is listed</source>
        <translation>Alles aus der Liste vergessen</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>All classes</source>
        <translation>Alle Klassen</translation>
    </message>
    <message>
        <source>All cameras</source>
        <translation>Alle Kameras</translation>
    </message>
    <message>
        <source>Paused · {count} new since</source>
        <translation>Angehalten · {count} neue seitdem</translation>
    </message>
    <message>
        <source>{count} of {all}</source>
        <translation>{count} von {all}</translation>
    </message>
    <message>
        <source>{count} listed</source>
        <translation>{count} in der Liste</translation>
    </message>
    <message>
        <source>None of the {count} recent detections fits.</source>
        <translation>Keine der letzten {count} Erkennungen passt.</translation>
    </message>
    <message>
        <source>Nothing has been detected yet.
Give a camera a model, and what it finds is listed here.</source>
        <translation>Noch wurde nichts erkannt.
Sobald eine Kamera ein Modell hat, steht hier, was es findet.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Recent detections</source>
        <translation>Letzte Erkennungen</translation>
    </message>
</context>
<context>
    <name>DropMark</name>
    <message>
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Insert before</source>
        <translation>Davor einfügen</translation>
    </message>
    <message>
        <source>Insert after</source>
        <translation>Dahinter einfügen</translation>
    </message>
</context>
<context>
    <name>EmptyCell</name>
    <message>
        <source>Add a camera</source>
        <translation>Kamera hinzufügen</translation>
    </message>
    <message>
        <source>Empty cell: add a camera</source>
        <translation>Leere Zelle: Kamera hinzufügen</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export a section</source>
        <translation>Ausschnitt exportieren</translation>
    </message>
    <message>
        <source>With the boxes drawn in</source>
        <translation>Mit eingezeichneten Rahmen</translation>
    </message>
    <message>
        <source>As it was recorded</source>
        <translation>Wie aufgenommen</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zieldatei</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Exported {count} pictures to {path}</source>
        <translation>{count} Bilder nach {path} exportiert</translation>
    </message>
    <message>
        <source>; it begins {seconds:.1f} s before the mark, at a keyframe</source>
        <translation>; beginnt {seconds:.1f} s vor der Marke, an einem Schlüsselbild</translation>
    </message>
    <message>
        <source>From {start} to {end}</source>
        <translation>Von {start} bis {end}</translation>
    </message>
    <message>
        <source>Exactly these pictures, encoded anew, with the boxes as shown. No sound.</source>
        <translation>Genau diese Bilder, neu codiert, mit den Rahmen wie gezeigt. Ohne Ton.</translation>
    </message>
    <message>
        <source>Original quality, with sound. Begins at the keyframe at or before the first picture.</source>
        <translation>Originalqualität, mit Ton. Beginnt mit dem Schlüsselbild am ersten Bild oder davor.</translation>
    </message>
    <message>
        <source>Its detections are written beside it. Nothing is ever overwritten.</source>
        <translation>Die Erkennungen werden daneben geschrieben. Nie wird etwas überschrieben.</translation>
    </message>
</context>
<context>
    <name>FPSMonitor</name>
    <message>
        <source>FPS monitor</source>
        <translation>FPS-Anzeige</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>gezeigt</translation>
    </message>
    <message>
        <source>age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>captured</source>
        <translation>empfangen</translation>
    </message>
    <message>
        <source>inferred</source>
        <translation>erkannt</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>{count} by {cause}</source>
        <translation>{count} durch {cause}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Pictures painted a second</source>
        <translation>Gezeigte Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>From its arrival, as the camera&apos;s clock has it, to the screen, median; {}</source>
        <translation>Von der Ankunft, nach der Uhr der Kamera, bis zum Bildschirm, Median; {}</translation>
    </message>
    <message>
        <source>Pictures received a second</source>
        <translation>Empfangene Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Pictures the model answered a second</source>
        <translation>Vom Modell beantwortete Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Found so long before the picture that they stand on, median; live timing moves them to where objects are</source>
        <translation>So lange vor dem Bild gefunden, auf dem sie stehen, Median; bei „Live“ werden sie dorthin verschoben, wo die Objekte sind</translation>
    </message>
    <message>
        <source>Lost pictures: {}</source>
        <translation>Verlorene Bilder: {}</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>kein Bild</translation>
    </message>
    <message>
        <source>95 % within {} ms</source>
        <translation>95 % innerhalb von {} ms</translation>
    </message>
    <message>
        <source>Time for one picture, median; runs on {}</source>
        <translation>Zeit für ein Bild, Median; läuft auf {}</translation>
    </message>
    <message>
        <source>Time for one picture, median</source>
        <translation>Zeit für ein Bild, Median</translation>
    </message>
</context>
<context>
    <name>FilePage</name>
    <message>
        <source>Files and folders</source>
        <translation>Dateien und Ordner</translation>
    </message>
    <message>
        <source>&amp;Files…</source>
        <translation>&amp;Dateien…</translation>
    </message>
    <message>
        <source>F&amp;older of pictures…</source>
        <translation>&amp;Ordner mit Bildern…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>At the end</source>
        <translation>Am Ende</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Play again from the start</source>
        <translation>Von vorn abspielen</translation>
    </message>
    <message>
        <source>Videos</source>
        <translation>Videos</translation>
    </message>
    <message>
        <source>Choose videos</source>
        <translation>Videos auswählen</translation>
    </message>
    <message>
        <source>Choose a folder of pictures</source>
        <translation>Einen Ordner mit Bildern auswählen</translation>
    </message>
    <message>
        <source>At the &amp;end</source>
        <translation>Am &amp;Ende</translation>
    </message>
    <message>
        <source>Each video, and each folder of pictures, becomes a camera of its own.</source>
        <translation>Jedes Video und jeder Ordner mit Bildern wird eine eigene Kamera.</translation>
    </message>
</context>
<context>
    <name>FilesPage</name>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>Beim Start</translation>
    </message>
    <message>
        <source>What was open the last time</source>
        <translation>Was zuletzt geöffnet war</translation>
    </message>
    <message>
        <source>The start page</source>
        <translation>Die Startseite</translation>
    </message>
    <message>
        <source>At the start, show</source>
        <translation>Beim Start zeigen</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>The workspace holds cameras and layouts. Both are text files; no password is in them.</source>
        <translation>Der Arbeitsbereich enthält Kameras und Anordnungen. Beides sind Textdateien ohne Passwörter.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open the folder of {name}</source>
        <translation>Den Ordner öffnen: {name}</translation>
    </message>
</context>
<context>
    <name>InspectionDialog</name>
    <message>
        <source>Model {}</source>
        <translation>Modell {}</translation>
    </message>
    <message>
        <source>The picture with what the model found</source>
        <translation>Das Bild mit dem, was das Modell gefunden hat</translation>
    </message>
    <message>
        <source>&amp;Try on a picture…</source>
        <translation>An einem Bild &amp;ausprobieren…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Looking at {} and trying it. This takes some seconds.</source>
        <translation>{} wird untersucht und ausprobiert. Das dauert einige Sekunden.</translation>
    </message>
    <message>
        <source>{} can be used as it is.</source>
        <translation>{} kann so verwendet werden, wie es ist.</translation>
    </message>
    <message>
        <source>{} cannot be used before it is known what its outputs mean.</source>
        <translation>{} kann erst verwendet werden, wenn bekannt ist, was die Ausgaben bedeuten.</translation>
    </message>
    <message>
        <source>A picture to try it on</source>
        <translation>Ein Bild zum Ausprobieren</translation>
    </message>
</context>
<context>
    <name>LayoutKind</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>One camera</source>
        <translation>Eine Kamera</translation>
    </message>
    <message>
        <source>2 × 2</source>
        <translation>2 × 2</translation>
    </message>
    <message>
        <source>3 × 3</source>
        <translation>3 × 3</translation>
    </message>
    <message>
        <source>4 × 4</source>
        <translation>4 × 4</translation>
    </message>
    <message>
        <source>One big, five small</source>
        <translation>Eine große, fünf kleine</translation>
    </message>
    <message>
        <source>One big, seven small</source>
        <translation>Eine große, sieben kleine</translation>
    </message>
</context>
<context>
    <name>LimitsPart</name>
    <message>
        <source>Smallest side of a box</source>
        <translation>Kleinste Seite eines Rahmens</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>Overlap from which the less sure of two boxes goes</source>
        <translation>Überlappung, ab der der unsicherere von zwei Rahmen entfällt</translation>
    </message>
    <message>
        <source>as the model has it</source>
        <translation>wie im Modell</translation>
    </message>
    <message>
        <source>Most boxes on a picture</source>
        <translation>Höchstzahl der Rahmen in einem Bild</translation>
    </message>
    <message>
        <source>Smallest side</source>
        <translation>Kleinste Seite</translation>
    </message>
    <message>
        <source>Overlap (IoU)</source>
        <translation>Überlappung (IoU)</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Most boxes</source>
        <translation>Höchstzahl der Rahmen</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>Überlappung</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>Information</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Detail</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search in the log</source>
        <translation>Im Protokoll suchen</translation>
    </message>
    <message>
        <source>Least level</source>
        <translation>Mindeststufe</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Information and more</source>
        <translation>Informationen und höher</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>Nur Fehler</translation>
    </message>
    <message>
        <source>&amp;Follow</source>
        <translation>&amp;Folgen</translation>
    </message>
    <message>
        <source>Stay at the newest line</source>
        <translation>Bei der neuesten Zeile bleiben</translation>
    </message>
    <message>
        <source>The whole line</source>
        <translation>Die ganze Zeile</translation>
    </message>
    <message>
        <source>Choose a line to read all of it.</source>
        <translation>Eine Zeile auswählen, um sie ganz zu lesen.</translation>
    </message>
    <message>
        <source>&amp;Copy selected</source>
        <translation>Auswahl &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;all</source>
        <translation>&amp;Alles kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Log lines</source>
        <translation>Protokollzeilen</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>{shown} of {count} lines</source>
        <translation>{shown} von {count} Zeilen</translation>
    </message>
    <message>
        <source>None of {count} lines is like that</source>
        <translation>Keine der {count} Zeilen passt</translation>
    </message>
</context>
<context>
    <name>LooksPart</name>
    <message>
        <source>Thickness of lines</source>
        <translation>Linienstärke</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>A colour for each class</source>
        <translation>Eine Farbe für jede Klasse</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>A colour for each object that is followed</source>
        <translation>Eine Farbe für jedes verfolgte Objekt</translation>
    </message>
    <message>
        <source>One</source>
        <translation>Eine</translation>
    </message>
    <message>
        <source>One colour for all</source>
        <translation>Eine Farbe für alles</translation>
    </message>
    <message>
        <source>The one colour</source>
        <translation>Die eine Farbe</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Linien</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Colour by</source>
        <translation>Farbe nach</translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Around objects</source>
        <translation>Um Objekte</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Round box</source>
        <translation>Runder Rahmen</translation>
    </message>
    <message>
        <source>Corners</source>
        <translation>Ecken</translation>
    </message>
    <message>
        <source>Oriented box</source>
        <translation>Gedrehter Rahmen</translation>
    </message>
    <message>
        <source>At objects</source>
        <translation>An Objekten</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Beschriftung</translation>
    </message>
    <message>
        <source>Two-line label</source>
        <translation>Zweizeilige Beschriftung</translation>
    </message>
    <message>
        <source>Dot</source>
        <translation>Punkt</translation>
    </message>
    <message>
        <source>Triangle</source>
        <translation>Dreieck</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Outlines</source>
        <translation>Umrisse</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Halo</source>
        <translation>Lichthof</translation>
    </message>
    <message>
        <source>Skeleton</source>
        <translation>Skelett</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>Über die Zeit</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>Spur</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Wärmekarte</translation>
    </message>
    <message>
        <source>Hide everything found</source>
        <translation>Alles Gefundene verbergen</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Unschärfe</translation>
    </message>
    <message>
        <source>Pixelate</source>
        <translation>Verpixelung</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>Aussehen</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>{} It stays set up, and is tried again the next time.</source>
        <translation>{} Sie bleibt eingerichtet und wird beim nächsten Mal wieder versucht.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Undo {}</source>
        <translation>{} &amp;rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Redo {}</source>
        <translation>{} &amp;wiederholen</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Add a camera…</source>
        <translation>Kamera &amp;hinzufügen…</translation>
    </message>
    <message>
        <source>Open &amp;file…</source>
        <translation>Datei &amp;öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;recording…</source>
        <translation>&amp;Aufnahme öffnen…</translation>
    </message>
    <message>
        <source>&amp;Network camera…</source>
        <translation>&amp;Netzwerkkamera…</translation>
    </message>
    <message>
        <source>&amp;Webcam…</source>
        <translation>&amp;Webcam…</translation>
    </message>
    <message>
        <source>&amp;Demo</source>
        <translation>&amp;Demo</translation>
    </message>
    <message>
        <source>Save workspace &amp;as…</source>
        <translation>Arbeitsbereich &amp;speichern unter…</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Paste an address</source>
        <translation>Adresse &amp;einfügen</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Umbenennen…</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>&amp;Duplizieren</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Camera</source>
        <translation>&amp;Kamera</translation>
    </message>
    <message>
        <source>&amp;Record / stop</source>
        <translation>&amp;Aufnehmen / beenden</translation>
    </message>
    <message>
        <source>&amp;Snapshot</source>
        <translation>&amp;Schnappschuss</translation>
    </message>
    <message>
        <source>&amp;Freeze	Space</source>
        <translation>Ein&amp;frieren	Leertaste</translation>
    </message>
    <message>
        <source>&amp;Boxes</source>
        <translation>&amp;Rahmen</translation>
    </message>
    <message>
        <source>Next &amp;timing of boxes</source>
        <translation>Nächste &amp;Zeitsteuerung der Rahmen</translation>
    </message>
    <message>
        <source>FPS &amp;monitor</source>
        <translation>FPS-An&amp;zeige</translation>
    </message>
    <message>
        <source>Se&amp;ttings</source>
        <translation>&amp;Einstellungen</translation>
    </message>
    <message>
        <source>Retry &amp;now</source>
        <translation>&amp;Jetzt erneut versuchen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;Maximise / all</source>
        <translation>&amp;Maximieren / alle</translation>
    </message>
    <message>
        <source>In a &amp;window of its own</source>
        <translation>In einem eigenen &amp;Fenster</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Whole picture</source>
        <translation>&amp;Ganzes Bild</translation>
    </message>
    <message>
        <source>&amp;Next page</source>
        <translation>&amp;Nächste Seite</translation>
    </message>
    <message>
        <source>&amp;Previous page</source>
        <translation>&amp;Vorige Seite</translation>
    </message>
    <message>
        <source>&amp;Cycle through pages</source>
        <translation>Seiten &amp;durchlaufen</translation>
    </message>
    <message>
        <source>Move &amp;left</source>
        <translation>Nach &amp;links verschieben</translation>
    </message>
    <message>
        <source>Move &amp;right</source>
        <translation>Nach &amp;rechts verschieben</translation>
    </message>
    <message>
        <source>La&amp;yout</source>
        <translation>An&amp;ordnung</translation>
    </message>
    <message>
        <source>&amp;Saved layouts</source>
        <translation>Gespeicherte An&amp;ordnungen</translation>
    </message>
    <message>
        <source>Layout {}</source>
        <translation>Anordnung {}</translation>
    </message>
    <message>
        <source>Save as layout {}</source>
        <translation>Als Anordnung {} speichern</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>&amp;Tasten</translation>
    </message>
    <message>
        <source>&amp;Log</source>
        <translation>&amp;Protokoll</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Close message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>Model &amp;file…</source>
        <translation>Modell&amp;datei…</translation>
    </message>
    <message>
        <source>Model on a &amp;server…</source>
        <translation>Modell auf einem &amp;Server…</translation>
    </message>
    <message>
        <source>&amp;Inspect a model file…</source>
        <translation>Modelldatei &amp;untersuchen…</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Inspect a model</source>
        <translation>Modell untersuchen</translation>
    </message>
    <message>
        <source>ONNX models (*.onnx);;All files (*)</source>
        <translation>ONNX-Modelle (*.onnx);;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>ModelPart</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>Server address…</source>
        <translation>Serveradresse…</translation>
    </message>
    <message>
        <source>The model is being loaded</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop loading the model</source>
        <translation>Laden des Modells abbrechen</translation>
    </message>
    <message>
        <source>Loading {model}…</source>
        <translation>{model} wird geladen…</translation>
    </message>
    <message>
        <source>{ms:.0f} ms</source>
        <translation>{ms:.0f} ms</translation>
    </message>
    <message>
        <source>Runs on {where}</source>
        <translation>Läuft auf {where}</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>ONNX models (*.onnx);;All files (*)</source>
        <translation>ONNX-Modelle (*.onnx);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Recent models</source>
        <translation>Zuletzt verwendete Modelle</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>No model has been used yet. Choose one in a camera&apos;s panel.</source>
        <translation>Noch wurde kein Modell verwendet. Eines lässt sich in der Leiste einer Kamera auswählen.</translation>
    </message>
    <message>
        <source>Python models that may be run</source>
        <translation>Python-Modelle, die ausgeführt werden dürfen</translation>
    </message>
    <message>
        <source>Re&amp;voke</source>
        <translation>&amp;Widerrufen</translation>
    </message>
    <message>
        <source>None. livevision asks before it runs a model that is Python code.</source>
        <translation>Keine. livevision fragt, bevor ein Modell ausgeführt wird, das Python-Code ist.</translation>
    </message>
</context>
<context>
    <name>Moments</name>
    <message>
        <source>{} was not recorded at that moment</source>
        <translation>{} wurde zu diesem Zeitpunkt nicht aufgenommen</translation>
    </message>
</context>
<context>
    <name>NameEditor</name>
    <message>
        <source>Name of the camera</source>
        <translation>Name der Kamera</translation>
    </message>
</context>
<context>
    <name>NetworkPage</name>
    <message>
        <source>Address of the camera</source>
        <translation>Adresse der Kamera</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Benutzername</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>Übertragung</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>A&amp;ddress</source>
        <translation>A&amp;dresse</translation>
    </message>
    <message>
        <source>Transp&amp;ort</source>
        <translation>Übertrag&amp;ung</translation>
    </message>
    <message>
        <source>RTSP, or HTTP with MJPEG, HLS or MPEG-TS. The manual of the camera says which.</source>
        <translation>RTSP, oder HTTP mit MJPEG, HLS oder MPEG-TS. Was davon, steht im Handbuch der Kamera.</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>&amp;Benutzer</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>Camera lost</source>
        <translation>Kamera verloren</translation>
    </message>
    <message>
        <source>Camera back</source>
        <translation>Kamera wieder da</translation>
    </message>
    <message>
        <source>{name}: no picture for {time}</source>
        <translation>{name}: kein Bild seit {time}</translation>
    </message>
    <message>
        <source>{count} cameras without a picture: {names}</source>
        <translation>{count} Kameras ohne Bild: {names}</translation>
    </message>
    <message>
        <source>{name} is back after {time}</source>
        <translation>{name} ist nach {time} wieder da</translation>
    </message>
    <message>
        <source>{count} cameras are back: {names}</source>
        <translation>{count} Kameras sind wieder da: {names}</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Open files</source>
        <translation>Dateien öffnen</translation>
    </message>
    <message>
        <source>{}: this is no video, model or address</source>
        <translation>{}: Das ist kein Video, kein Modell und keine Adresse</translation>
    </message>
    <message>
        <source>Add {}</source>
        <translation>{} hinzufügen</translation>
    </message>
    <message>
        <source>a camera</source>
        <translation>eine Kamera</translation>
    </message>
</context>
<context>
    <name>PageBar</name>
    <message>
        <source>Previous page</source>
        <translation>Vorige Seite</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>Nächste Seite</translation>
    </message>
    <message>
        <source>Pages turn by themselves, but not while the mouse is over the pictures.</source>
        <translation>Seiten wechseln von selbst, aber nicht, solange der Mauszeiger über den Bildern ist.</translation>
    </message>
    <message>
        <source>Page {page} of {pages}</source>
        <translation>Seite {page} von {pages}</translation>
    </message>
    <message>
        <source>Every {seconds:g} s</source>
        <translation>Alle {seconds:g} s</translation>
    </message>
    <message>
        <source>Every {seconds:g} s · held by the mouse</source>
        <translation>Alle {seconds:g} s · wartet auf die Maus</translation>
    </message>
</context>
<context>
    <name>Panels</name>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Recent detections</source>
        <translation>Letzte Erkennungen</translation>
    </message>
</context>
<context>
    <name>PasswordField</name>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Hide the password</source>
        <translation>Passwort verbergen</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Passwort anzeigen</translation>
    </message>
</context>
<context>
    <name>PlayerWindow</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Cannot be shown</source>
        <translation>Kann nicht angezeigt werden</translation>
    </message>
    <message>
        <source>{count} pictures left out to keep up</source>
        <translation>{count} Bilder ausgelassen, um Schritt zu halten</translation>
    </message>
</context>
<context>
    <name>Players</name>
    <message>
        <source>Open recordings</source>
        <translation>Aufnahmen öffnen</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Pages of the preferences</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Reset to defaults</source>
        <translation>Auf &amp;Standard zurücksetzen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>&amp;Undo reset</source>
        <translation>Zurücksetzen &amp;rückgängig machen</translation>
    </message>
</context>
<context>
    <name>Preferring</name>
    <message>
        <source>{} is Python code, which can do whatever you can. It runs once you allow it.</source>
        <translation>{} ist Python-Code, der alles kann, was Sie können. Er läuft, sobald Sie es erlauben.</translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>Erlauben</translation>
    </message>
</context>
<context>
    <name>PrivacyPart</name>
    <message>
        <source>How objects are hidden</source>
        <translation>Wie Objekte verborgen werden</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Unschärfe</translation>
    </message>
    <message>
        <source>A blot without details</source>
        <translation>Ein Fleck ohne Einzelheiten</translation>
    </message>
    <message>
        <source>Pixelate</source>
        <translation>Verpixelung</translation>
    </message>
    <message>
        <source>A few large blocks</source>
        <translation>Wenige große Blöcke</translation>
    </message>
    <message>
        <source>Hide these</source>
        <translation>Diese verbergen</translation>
    </message>
    <message>
        <source>As in the preferences</source>
        <translation>Wie in den Einstellungen</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>As in the preferences, until you change it here.</source>
        <translation>Wie in den Einstellungen, bis es hier geändert wird.</translation>
    </message>
    <message>
        <source>nobody hidden</source>
        <translation>niemand verborgen</translation>
    </message>
</context>
<context>
    <name>ProbePanel</name>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Testen</translation>
    </message>
    <message>
        <source>Testing the camera</source>
        <translation>Die Kamera wird getestet</translation>
    </message>
    <message>
        <source>Result of the test</source>
        <translation>Ergebnis des Tests</translation>
    </message>
    <message>
        <source>First picture of the camera</source>
        <translation>Erstes Bild der Kamera</translation>
    </message>
    <message>
        <source>Not tested yet</source>
        <translation>Noch nicht getestet</translation>
    </message>
    <message>
        <source>Test shows the first picture, and what the camera sends.</source>
        <translation>Der Test zeigt das erste Bild und was die Kamera sendet.</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbindung wird aufgebaut…</translation>
    </message>
    <message>
        <source>A picture came. Measuring…</source>
        <translation>Ein Bild ist da. Es wird gemessen…</translation>
    </message>
    <message>
        <source>✓ The camera works</source>
        <translation>✓ Die Kamera funktioniert</translation>
    </message>
    <message>
        <source>✗ {}</source>
        <translation>✗ {}</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Noch kein Bild</translation>
    </message>
</context>
<context>
    <name>RecordingPage</name>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Folder for recordings and snapshots</source>
        <translation>Ordner für Aufnahmen und Schnappschüsse</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
        <source>Kind of recording</source>
        <translation>Art der Aufnahme</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>Seconds before the key was pressed</source>
        <translation>Sekunden vor dem Tastendruck</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Names of files</source>
        <translation>Dateinamen</translation>
    </message>
    <message>
        <source>Write detections as &amp;CSV, too</source>
        <translation>Erkennungen auch als &amp;CSV schreiben</translation>
    </message>
    <message>
        <source>With boxes drawn in</source>
        <translation>Mit eingezeichneten Rahmen</translation>
    </message>
    <message>
        <source>As the camera sends it</source>
        <translation>Wie die Kamera sie sendet</translation>
    </message>
    <message>
        <source>Both, in two files</source>
        <translation>Beides, in zwei Dateien</translation>
    </message>
    <message>
        <source>With boxes that players can switch off</source>
        <translation>Mit Rahmen, die Player ausblenden können</translation>
    </message>
    <message>
        <source>Small files</source>
        <translation>Kleine Dateien</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Best, twice as big</source>
        <translation>Am besten, doppelt so groß</translation>
    </message>
    <message>
        <source>The processor (x264)</source>
        <translation>Der Prozessor (x264)</translation>
    </message>
    <message>
        <source>Hardware, if there is any</source>
        <translation>Hardware, falls vorhanden</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Pre-roll</source>
        <translation>Vorlauf</translation>
    </message>
    <message>
        <source>What was seen before the key was pressed is recorded, too.</source>
        <translation>Was vor dem Tastendruck zu sehen war, wird mit aufgenommen.</translation>
    </message>
    <message>
        <source>Give the whole path, such as {folder}.</source>
        <translation>Den ganzen Pfad angeben, zum Beispiel {folder}.</translation>
    </message>
    <message>
        <source>Folder for recordings</source>
        <translation>Ordner für Aufnahmen</translation>
    </message>
    <message>
        <source>Give a name, such as {template}</source>
        <translation>Einen Namen angeben, zum Beispiel {template}</translation>
    </message>
    <message>
        <source>Front door</source>
        <translation>Haustür</translation>
    </message>
    <message>
        <source>Such as {name}</source>
        <translation>Zum Beispiel {name}</translation>
    </message>
</context>
<context>
    <name>RecordingPart</name>
    <message>
        <source>What is recorded</source>
        <translation>Was aufgenommen wird</translation>
    </message>
    <message>
        <source>Quality of pictures</source>
        <translation>Qualität der Bilder</translation>
    </message>
    <message>
        <source>Folder of recordings</source>
        <translation>Ordner der Aufnahmen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Choose the folder of recordings</source>
        <translation>Den Ordner der Aufnahmen auswählen</translation>
    </message>
    <message>
        <source>Seconds from before</source>
        <translation>Sekunden von vorher</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>Length of each file</source>
        <translation>Länge jeder Datei</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Pre-roll</source>
        <translation>Vorlauf</translation>
    </message>
    <message>
        <source>New file after</source>
        <translation>Neue Datei nach</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Kind of recording</source>
        <translation>Art der Aufnahme</translation>
    </message>
    <message>
        <source>{seconds:g} s</source>
        <translation>{seconds:g} s</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>{minutes:g} min</source>
        <translation>{minutes:g} min</translation>
    </message>
    <message>
        <source>as usual</source>
        <translation>wie üblich</translation>
    </message>
    <message>
        <source>With boxes</source>
        <translation>Mit Rahmen</translation>
    </message>
    <message>
        <source>Without boxes, in original quality</source>
        <translation>Ohne Rahmen, in Originalqualität</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beides</translation>
    </message>
    <message>
        <source>With boxes that can be switched off</source>
        <translation>Mit Rahmen, die sich ausblenden lassen</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>Klein</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>Am besten</translation>
    </message>
    <message>
        <source>Usual ({what})</source>
        <translation>Üblich ({what})</translation>
    </message>
    <message>
        <source>Length of files</source>
        <translation>Länge der Dateien</translation>
    </message>
</context>
<context>
    <name>ScreenPage</name>
    <message>
        <source>How much of the screen</source>
        <translation>Wie viel vom Bildschirm</translation>
    </message>
    <message>
        <source>The whole screen</source>
        <translation>Der ganze Bildschirm</translation>
    </message>
    <message>
        <source>A part of it</source>
        <translation>Ein Teil davon</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>What to &amp;show</source>
        <translation>Was ge&amp;zeigt wird</translation>
    </message>
    <message>
        <source>Pictures a s&amp;econd</source>
        <translation>Bilder pro S&amp;ekunde</translation>
    </message>
    <message>
        <source>What another program shows becomes a camera: a conference, or a browser.</source>
        <translation>Was ein anderes Programm zeigt, wird eine Kamera: eine Konferenz oder ein Browser.</translation>
    </message>
</context>
<context>
    <name>ShortcutsSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search for a key or what it does</source>
        <translation>Nach einer Taste oder ihrer Wirkung suchen</translation>
    </message>
    <message>
        <source>Nothing here is called “{words}”.</source>
        <translation>Nichts heißt hier „{words}“.</translation>
    </message>
</context>
<context>
    <name>SightingDelegate</name>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>{seconds} s ago</source>
        <translation>vor {seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min ago</source>
        <translation>vor {minutes} min</translation>
    </message>
    <message>
        <source>{hours} h ago</source>
        <translation>vor {hours} h</translation>
    </message>
</context>
<context>
    <name>SightingModel</name>
    <message>
        <source>without a name</source>
        <translation>ohne Namen</translation>
    </message>
</context>
<context>
    <name>SnapshotsPage</name>
    <message>
        <source>Snapshots</source>
        <translation>Schnappschüsse</translation>
    </message>
    <message>
        <source>Format of snapshots</source>
        <translation>Format der Schnappschüsse</translation>
    </message>
    <message>
        <source>PNG: every pixel as it is</source>
        <translation>PNG: jedes Pixel, wie es ist</translation>
    </message>
    <message>
        <source>JPEG: smaller files</source>
        <translation>JPEG: kleinere Dateien</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>They are kept in the folder for recordings.</source>
        <translation>Sie liegen im Ordner für Aufnahmen.</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Start page</source>
        <translation>Startseite</translation>
    </message>
    <message>
        <source>rtsp://user:password@camera.local/stream   or   https://…</source>
        <translation>rtsp://benutzer:passwort@kamera.local/stream   oder   https://…</translation>
    </message>
    <message>
        <source>Address of a network camera</source>
        <translation>Adresse einer Netzwerkkamera</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Recent cameras</source>
        <translation>Letzte Kameras</translation>
    </message>
    <message>
        <source>Open {} again</source>
        <translation>{} wieder öffnen</translation>
    </message>
    <message>
        <source>Webcam</source>
        <translation>Webcam</translation>
    </message>
    <message>
        <source>Plugged into this computer</source>
        <translation>An diesem Computer angeschlossen</translation>
    </message>
    <message>
        <source>Network camera</source>
        <translation>Netzwerkkamera</translation>
    </message>
    <message>
        <source>RTSP, MJPEG, HLS by address</source>
        <translation>RTSP, MJPEG, HLS über eine Adresse</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>A recorded video</source>
        <translation>Ein aufgenommenes Video</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>A street, nothing else needed</source>
        <translation>Eine Straße, mehr wird nicht gebraucht</translation>
    </message>
    <message>
        <source>Live cameras, live detections. What should be on the screen?</source>
        <translation>Live-Kameras, Live-Erkennungen. Was soll auf den Bildschirm?</translation>
    </message>
    <message>
        <source>Or drop videos, folders and addresses anywhere here, or paste an address.</source>
        <translation>Oder Videos, Ordner und Adressen hierher ziehen oder eine Adresse einfügen.</translation>
    </message>
</context>
<context>
    <name>TileBar</name>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Save a snapshot</source>
        <translation>Schnappschuss speichern</translation>
    </message>
    <message>
        <source>Freeze the picture</source>
        <translation>Bild einfrieren</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Settings of this camera</source>
        <translation>Einstellungen dieser Kamera</translation>
    </message>
    <message>
        <source>Maximise, or back</source>
        <translation>Maximieren oder zurück</translation>
    </message>
    <message>
        <source>What to do with this camera</source>
        <translation>Was mit dieser Kamera getan werden kann</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>Show the live picture</source>
        <translation>Livebild zeigen</translation>
    </message>
    <message>
        <source>Boxes. {}</source>
        <translation>Rahmen. {}</translation>
    </message>
    <message>
        <source>Switch the model off</source>
        <translation>Modell ausschalten</translation>
    </message>
    <message>
        <source>Switch the model on</source>
        <translation>Modell einschalten</translation>
    </message>
</context>
<context>
    <name>TimeLine</name>
    <message>
        <source>Time line</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>{position} of {length}</source>
        <translation>{position} von {length}</translation>
    </message>
    <message>
        <source>Not shown: {names}</source>
        <translation>Nicht gezeigt: {names}</translation>
    </message>
    <message>
        <source>Time line. Seen: {names}</source>
        <translation>Zeitleiste. Gesehen: {names}</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>{count} weitere</translation>
    </message>
</context>
<context>
    <name>TimingPart</name>
    <message>
        <source>The newest picture at once, with boxes moved to where their objects are by now</source>
        <translation>Das neueste Bild sofort, mit Rahmen dort, wo ihre Objekte inzwischen sind</translation>
    </message>
    <message>
        <source>Each picture waits for its own boxes: exact, and a little late</source>
        <translation>Jedes Bild wartet auf seine eigenen Rahmen: genau, und etwas später</translation>
    </message>
    <message>
        <source>The newest picture at once, with the newest boxes where their objects were</source>
        <translation>Das neueste Bild sofort, mit den neuesten Rahmen dort, wo ihre Objekte waren</translation>
    </message>
    <message>
        <source>Timing of boxes</source>
        <translation>Zeitsteuerung der Rahmen</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Aligned</source>
        <translation>Abgestimmt</translation>
    </message>
    <message>
        <source>As they come</source>
        <translation>Wie sie kommen</translation>
    </message>
    <message>
        <source>Tracker</source>
        <translation>Verfolgung</translation>
    </message>
    <message>
        <source>Usual</source>
        <translation>Üblich</translation>
    </message>
    <message>
        <source>Off: no identities</source>
        <translation>Aus: keine Identitäten</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeitsteuerung</translation>
    </message>
</context>
<context>
    <name>ViewPart</name>
    <message>
        <source>Turn the picture</source>
        <translation>Bild drehen</translation>
    </message>
    <message>
        <source>Clockwise by {turn}°</source>
        <translation>Im Uhrzeigersinn um {turn}°</translation>
    </message>
    <message>
        <source>Mirror left and right</source>
        <translation>Links und rechts spiegeln</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassung</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>All of it, with bars where it is narrower</source>
        <translation>Alles, mit Balken, wo es schmaler ist</translation>
    </message>
    <message>
        <source>Fill the tile</source>
        <translation>Kachel füllen</translation>
    </message>
    <message>
        <source>No bars; what does not fit is cut</source>
        <translation>Keine Balken; was nicht passt, wird abgeschnitten</translation>
    </message>
    <message>
        <source>Show boxes</source>
        <translation>Rahmen zeigen</translation>
    </message>
    <message>
        <source>FPS monitor</source>
        <translation>FPS-Anzeige</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>Drehen</translation>
    </message>
    <message>
        <source>Turning</source>
        <translation>Drehung</translation>
    </message>
    <message>
        <source>Mirroring</source>
        <translation>Spiegelung</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Compact</source>
        <translation>Kompakt</translation>
    </message>
    <message>
        <source>Full, with curves</source>
        <translation>Voll, mit Kurven</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Usual ({what})</source>
        <translation>Üblich ({what})</translation>
    </message>
    <message>
        <source>mirrored</source>
        <translation>gespiegelt</translation>
    </message>
</context>
<context>
    <name>WebcamPage</name>
    <message>
        <source>Cameras of this computer</source>
        <translation>Kameras dieses Computers</translation>
    </message>
    <message>
        <source>Looking for cameras…</source>
        <translation>Kameras werden gesucht…</translation>
    </message>
    <message>
        <source>Live picture of the chosen camera</source>
        <translation>Livebild der ausgewählten Kamera</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Webcam {}</source>
        <translation>Webcam {}</translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation>&amp;Größe</translation>
    </message>
    <message>
        <source>Pictures a s&amp;econd</source>
        <translation>Bilder pro S&amp;ekunde</translation>
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation>F&amp;ormat</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Bildrate</translation>
    </message>
    <message>
        <source>First picture</source>
        <translation>Erstes Bild</translation>
    </message>
    <message>
        <source>after {:.2f} s</source>
        <translation>nach {:.2f} s</translation>
    </message>
    <message>
        <source>Keyframes</source>
        <translation>Schlüsselbilder</translation>
    </message>
    <message>
        <source>Jitter</source>
        <translation>Schwankung</translation>
    </message>
    <message>
        <source>{:.0f} ms</source>
        <translation>{:.0f} ms</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>Beschädigt</translation>
    </message>
    <message>
        <source>{} of {} pictures</source>
        <translation>{} von {} Bildern</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>{:.1f} s</source>
        <translation>{:.1f} s</translation>
    </message>
    <message>
        <source>This camera asks for an account: fill in user and password above.</source>
        <translation>Diese Kamera verlangt eine Anmeldung: oben Benutzer und Passwort eingeben.</translation>
    </message>
    <message>
        <source>Check user and password: capital letters count, and some cameras lock after a few wrong tries.</source>
        <translation>Benutzer und Passwort prüfen: Groß- und Kleinschreibung zählt, und manche Kameras sperren nach wenigen falschen Versuchen.</translation>
    </message>
    <message>
        <source>too few pictures to measure</source>
        <translation>zu wenige Bilder zum Messen</translation>
    </message>
    <message>
        <source>{:.1f} pictures a second</source>
        <translation>{:.1f} Bilder pro Sekunde</translation>
    </message>
    <message>
        <source> ({:.4g} declared)</source>
        <translation> ({:.4g} angegeben)</translation>
    </message>
    <message>
        <source>every picture is one</source>
        <translation>jedes Bild ist eines</translation>
    </message>
    <message>
        <source>more than {:.0f} s apart: joining and seeking take as long</source>
        <translation>mehr als {:.0f} s auseinander: Einsteigen und Springen dauern so lange</translation>
    </message>
    <message>
        <source>every {:.1f} s</source>
        <translation>alle {:.1f} s</translation>
    </message>
</context>
<context>
    <name>tile</name>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>Save a snapshot</source>
        <translation>Schnappschuss speichern</translation>
    </message>
    <message>
        <source>Freeze the picture</source>
        <translation>Bild anhalten</translation>
    </message>
    <message>
        <source>Show the live picture</source>
        <translation>Live-Bild zeigen</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Maximise, or back</source>
        <translation>Vergrößern oder zurück</translation>
    </message>
    <message>
        <source>Settings of this camera…</source>
        <translation>Einstellungen dieser Kamera…</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Closer</source>
        <translation>Näher heran</translation>
    </message>
    <message>
        <source>Further away</source>
        <translation>Weiter weg</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Spiegeln</translation>
    </message>
    <message>
        <source>Fill the tile</source>
        <translation>Kachel füllen</translation>
    </message>
    <message>
        <source>FPS monitor</source>
        <translation>FPS-Anzeige</translation>
    </message>
    <message>
        <source>One line</source>
        <translation>Eine Zeile</translation>
    </message>
    <message>
        <source>With curve</source>
        <translation>Mit Kurve</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
</context>
<context>
    <name>timing</name>
    <message>
        <source>Live: moved to where objects are</source>
        <translation>Live: dorthin verschoben, wo die Objekte sind</translation>
    </message>
    <message>
        <source>Aligned: pictures wait for their boxes</source>
        <translation>Abgestimmt: Bilder warten auf ihre Rahmen</translation>
    </message>
    <message>
        <source>As they come: where objects were</source>
        <translation>Wie sie kommen: wo die Objekte waren</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>No picture for {}</source>
        <translation>Seit {} kein Bild</translation>
    </message>
    <message>
        <source>Last picture {} ago</source>
        <translation>Letztes Bild vor {}</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbinden…</translation>
    </message>
    <message>
        <source>The picture has stopped</source>
        <translation>Das Bild steht</translation>
    </message>
    <message>
        <source>Access refused</source>
        <translation>Zugang verweigert</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Zu Ende</translation>
    </message>
    <message>
        <source>Cannot be shown</source>
        <translation>Kann nicht gezeigt werden</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Reconnecting in {} s</source>
        <translation>Neue Verbindung in {} s</translation>
    </message>
    <message>
        <source>Reconnecting…</source>
        <translation>Verbindung wird neu aufgebaut…</translation>
    </message>
    <message>
        <source>No picture for {since}, reconnecting in {wait} s</source>
        <translation>Seit {since} kein Bild, neue Verbindung in {wait} s</translation>
    </message>
    <message>
        <source>No picture for {since}, reconnecting…</source>
        <translation>Seit {since} kein Bild, Verbindung wird neu aufgebaut…</translation>
    </message>
    <message>
        <source>Play again</source>
        <translation>Noch einmal abspielen</translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <source>loading {}…</source>
        <translation>{} wird geladen…</translation>
    </message>
    <message>
        <source>{} s</source>
        <translation>{} s</translation>
    </message>
    <message>
        <source>{} min</source>
        <translation>{} min</translation>
    </message>
    <message>
        <source>{} h {} min</source>
        <translation>{} h {} min</translation>
    </message>
    <message>
        <source>frozen · {} behind</source>
        <translation>angehalten · {} zurück</translation>
    </message>
</context>
</TS>
